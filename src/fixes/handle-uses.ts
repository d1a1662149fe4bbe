/** What a file does with the variable of a resource: each reference is one of a few kinds, and what is none of them stops a fix. */
import { ownRow } from '../bindings/own-row.ts';
import { isConstant } from '../bindings/scope-index.ts';
import type { TypeRow } from '../drivers/driver.ts';
import { isListMethod, callShape } from '../analysis/call-shape.ts';
import type { ProgramModel } from '../analysis/program-model.ts';
import { LISTENER_METHODS } from '../cfg/throw-policy.ts';
import { isFunctionNode, type FunctionNode, type Node, type Statement, type TSESTree } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapChain, unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { BlockedReason } from './blocked-reason.ts';
import { calledAs } from './find-given.ts';
import type { KeptHandle } from './find-handle.ts';
import { outermost } from './outermost.ts';
import { releasesBehind } from './releasing-function.ts';

/** A release that is a statement of its own: `client.release();`, `if (client) client.release();`. */
export interface ReleaseStatement {
  readonly call: TSESTree.CallExpression;
  /** The method or function that does it. */
  readonly name: string | undefined;
  readonly statement: Statement;
  /** How it is written, with its `await`. */
  readonly text: string;
  readonly isAwaited: boolean;
  /** Whether a function of the project does it, which may write into a log as well. */
  readonly isByFunction: boolean;
  /** The test around it, which belongs to the statement. */
  readonly test: Node | undefined;
}

/** What happens to the promise that a call gives. `floating`: nobody waits for it. `kept`: it goes on as a value. */
export type Completion = 'awaited' | 'returned' | 'floating' | 'kept';

/** A call that needs the resource: a method of it, or a function that is given it. */
export interface ResourceCall {
  readonly call: TSESTree.CallExpression | TSESTree.NewExpression | TSESTree.TaggedTemplateExpression;
  /** The method, for one of the resource itself. */
  readonly method: string | undefined;
  readonly completion: Completion;
  /** Whether only sight of another function's code would tell what it does with the resource. */
  readonly isUnseen: boolean;
}

export interface HandleUses {
  readonly releases: readonly ReleaseStatement[];
  readonly calls: readonly ResourceCall[];
  /** Every reference in source order, but the one that takes the resource and those of the releases. */
  readonly others: readonly Node[];
  /** Why the result needs to be looked at: functions that were not seen, or that run side by side. */
  readonly isDoubtful: boolean;
  /** Whether the code asks if there is a connection. */
  readonly isTested: boolean;
  /** Whether a function of the project releases it: without its calls, what else it does would be lost. */
  readonly isReleasedByFunction: boolean;
}

/** The uses of the handle; else the precondition that one of them breaks. `releases`: the calls that the analysis saw release the resource. */
export function usesOfHandle(model: ProgramModel, handle: KeptHandle, type: TypeRow, releases: ReadonlySet<Node>): HandleUses | BlockedReason {
  const found: ReleaseStatement[] = [];
  const calls: ResourceCall[] = [];
  const others: Node[] = [];
  let isDoubtful = false;
  let isTested = false;
  for (const { identifier, init } of handle.variable.references) {
    const node = identifier as Node;
    if ((handle.statement !== undefined && isWithin(node, handle.statement)) || init === true) continue;
    const release = releaseCallOf(model, node, type, releases);
    if (typeof release === 'string') return release;
    const inner = functionBetween(model, node, handle);
    if (release !== undefined) {
      if (inner !== undefined) return 'released in a callback';
      const statement = releaseStatementOf(release, handle, type, model);
      if (typeof statement === 'string') return statement;
      found.push(statement);
      // A flag that only says whether to release is left over.
      const { test } = statement;
      if (test !== undefined && !isHandle(test, handle, model) && model.text.slice(...test.range) !== handle.ownedIf) isDoubtful = true;
      isTested ||= test !== undefined && isHandle(test, handle, model);
      continue;
    }
    others.push(node);
    const use = useOf(model, node, type);
    if (typeof use === 'string') return use;
    if (inner !== undefined) {
      const how = runsAtOnce(inner);
      if (how === undefined) return 'captured';
      if (how === 'side by side') isDoubtful = true;
    }
    if (use === undefined) {
      isTested ||= outermost(node).parent?.type !== 'MemberExpression';
      continue;
    }
    isTested ||= isOptional(node);
    isDoubtful ||= use.isUnseen;
    calls.push(use);
  }
  for (const call of releases) {
    const statement = releasedBeside(model, call, handle);
    if (statement !== undefined) found.push(statement);
  }
  for (const { identifier } of handle.done?.references ?? []) {
    const statement = doneStatementOf(model, identifier, handle, releases);
    if (typeof statement === 'string') return statement;
    found.push(statement);
  }
  const known = new Set<Node>(found.flatMap(({ call, isByFunction }) => (isByFunction ? [call, ...(releasesBehind(model, call, type) ?? releasesIn(model, call, releases))] : [call])));
  if ([...releases].some((node) => !known.has(node))) return 'released elsewhere';
  return { releases: found, calls, others: others.filter((node) => !found.some(({ statement }) => isWithin(node, statement))), isDoubtful, isTested, isReleasedByFunction: found.some(({ isByFunction }) => isByFunction) };
}

/** `release();` of what came together with the connection: `const { client, release } = await lease();`. */
function releasedBeside(model: ProgramModel, call: Node, { variable, statement, unit }: KeptHandle): ReleaseStatement | undefined {
  if (call.type !== 'CallExpression' || call.callee.type !== 'Identifier' || call.arguments.length > 0 || model.file.unitOf(call) !== unit) return undefined;
  const beside = model.scopes.variableOf(call.callee);
  if (statement === undefined || beside === undefined || beside === variable || !isConstant(beside) || !beside.identifiers.every((identifier) => isWithin(identifier, statement))) return undefined;
  const expression = call.parent.type === 'AwaitExpression' ? call.parent : call;
  const { parent } = expression;
  if (parent?.type !== 'ExpressionStatement' || parent.parent.type !== 'BlockStatement') return undefined;
  return { call, name: call.callee.name, statement: parent, text: model.text.slice(...expression.range), isAwaited: expression !== call, isByFunction: true, test: undefined };
}

/** The releases that stand in the function which a call runs. */
function releasesIn(model: ProgramModel, call: TSESTree.CallExpression, releases: ReadonlySet<Node>): Node[] {
  const callee = model.bindings.calleeOf(call) ?? model.bindings.foreignCalleeOf(call)?.node;
  return [...releases].filter((release) => {
    let node: Node | undefined = release;
    while (node && node !== callee) node = node.parent;
    return node !== undefined;
  });
}

/** The call that releases the resource by this reference: `c.release()`, `pool.releaseConnection(c)`. */
export function releaseCallOf(model: ProgramModel, node: Node, type: TypeRow, releases: ReadonlySet<Node>): TSESTree.CallExpression | BlockedReason | undefined {
  const outer = outermost(node);
  const { parent } = outer;
  if (parent?.type === 'MemberExpression' && parent.object === outer) {
    const member = outermost(parent);
    const call = member.parent;
    if (call?.type !== 'CallExpression' || call.callee !== member) return undefined;
    const name = staticMemberName(parent);
    const row = name === undefined ? undefined : ownRow(type.members, name);
    if (row?.effect === 'release') return call;
    if (row?.effect === 'prepares') return performedBy(call, row.by);
    // What it is given releases, or a method of the project.
    return releases.has(call) ? (call.arguments.some((argument) => isFunctionNode(unwrapExpression(argument))) ? 'released in a callback' : 'released elsewhere') : undefined;
  }
  if (parent?.type !== 'CallExpression' || !parent.arguments.includes(outer as TSESTree.Expression) || !releases.has(parent)) return undefined;
  if (isSeen(model, parent)) return isPure(parent.callee) && releasesBehind(model, parent, type) !== undefined ? parent : 'released elsewhere';
  return type.takenBackBy?.some(({ name }) => name === callShape(parent).name) === true ? parent : 'released elsewhere';
}

/** `trx.commit().execute()`, of which `trx.commit()` is the beginning. */
function performedBy(prepared: TSESTree.CallExpression, by: string): TSESTree.CallExpression | undefined {
  const outer = outermost(prepared);
  const member = outer.parent?.type === 'MemberExpression' && outer.parent.object === outer && staticMemberName(outer.parent) === by ? outermost(outer.parent) : undefined;
  return member?.parent?.type === 'CallExpression' && member.parent.callee === member ? member.parent : undefined;
}

/** `done();`, where the callback that has the resource was given its release. */
function doneStatementOf(model: ProgramModel, node: Node, handle: KeptHandle, releases: ReadonlySet<Node>): ReleaseStatement | BlockedReason {
  const call = calledAs(node);
  if (call === undefined || !releases.has(call)) return 'alias';
  if (call.arguments.length > 0) return 'release with an argument';
  if (functionBetween(model, node, handle) !== undefined) return 'released in a callback';
  const guard = guardOf(call);
  const statement = guard?.statement ?? call.parent;
  if (guard !== undefined ? !isPure(guard.test) : statement.type !== 'ExpressionStatement') return 'release is part of an expression';
  return { call, name: handle.done!.name, statement: statement as Statement, text: model.text.slice(...call.range), isAwaited: false, isByFunction: false, test: guard?.test };
}

/** The statement that is nothing but the release, with the test around it. */
function releaseStatementOf(call: TSESTree.CallExpression, handle: KeptHandle, type: TypeRow, model: ProgramModel): ReleaseStatement | BlockedReason {
  const { callee } = call;
  const member = unwrapChain(callee);
  const prepared = member.type === 'MemberExpression' ? unwrapChain(member.object) : undefined;
  const of = prepared?.type === 'CallExpression' ? prepared : call;
  const isMethod = prepared !== undefined && (of !== call || isHandle(prepared, handle, model));
  // A transaction is told why it is rolled back: that changes nothing.
  const isReason = type.ending === 'commit or rollback' && isMethod && of.arguments.every((argument) => isPure(argument));
  if (of.arguments.length !== (isMethod ? 0 : 1) && !isReason) return 'release with an argument';
  let expression: Node = outermost(call);
  const isAwaited = expression.parent?.type === 'AwaitExpression';
  if (isAwaited) expression = expression.parent!;
  const guard = guardOf(expression);
  const statement = guard?.statement ?? expression.parent;
  if (guard !== undefined ? !isPure(guard.test) : statement?.type !== 'ExpressionStatement') return 'release is part of an expression';
  const text = model.text.slice(expression.range[0], expression.range[1]).replace('!.', '.');
  const { parent } = statement as Statement;
  if (parent.type !== 'BlockStatement' && parent.type !== 'Program' && parent.type !== 'SwitchCase' && parent.type !== 'StaticBlock') return 'release is part of an expression';
  return { call, name: callShape(of).name, statement: statement as Statement, text, isAwaited, isByFunction: !isMethod && isSeen(model, call), test: guard?.test };
}

/** `if (client) client.release();`, `if (client) { client.release(); }` and `client && client.release();` around the release. */
export function guardOf(release: Node): { readonly statement: Statement; readonly test: Node } | undefined {
  const { parent } = release;
  if (parent?.type === 'LogicalExpression' && parent.operator === '&&' && parent.right === release && parent.parent.type === 'ExpressionStatement') return { statement: parent.parent, test: parent.left };
  if (parent?.type !== 'ExpressionStatement') return undefined;
  const body = parent.parent.type === 'BlockStatement' && parent.parent.body.length === 1 ? parent.parent : parent;
  const around: Node | undefined = body.parent;
  return around?.type === 'IfStatement' && !around.alternate && around.consequent === body ? { statement: around, test: around.test } : undefined;
}

/** Whether nothing happens when the expression is evaluated. */
export function isPure(node: Node): boolean {
  const inner = unwrapChain(node);
  switch (inner.type) {
    case 'Identifier':
    case 'Literal':
    case 'ThisExpression':
      return true;
    case 'MemberExpression':
      return !inner.computed && isPure(inner.object);
    case 'UnaryExpression':
      return inner.operator !== 'delete' && isPure(inner.argument);
    case 'BinaryExpression':
    case 'LogicalExpression':
      return isPure(inner.left) && isPure(inner.right);
    default:
      return false;
  }
}

function isHandle(node: Node, handle: KeptHandle, model: ProgramModel): boolean {
  const inner = unwrapExpression(node);
  return inner.type === 'Identifier' && model.scopes.variableOf(inner) === handle.variable;
}

/** The call that a reference is for; undefined where it is only looked at. */
export function useOf(model: ProgramModel, node: Node, type: TypeRow): ResourceCall | BlockedReason | undefined {
  const outer = outermost(node);
  const { parent } = outer;
  if (parent === undefined) return 'alias';
  switch (parent.type) {
    case 'MemberExpression': {
      if (parent.object !== outer) return undefined;
      // `queryRunner.manager.save(order)`
      let member = outermost(parent);
      while (member.parent?.type === 'MemberExpression' && member.parent.object === member) member = outermost(member.parent);
      const above = member.parent;
      if (above?.type === 'TaggedTemplateExpression' && above.tag === member) return { call: above, method: staticMemberName(parent), completion: completionOf(above), isUnseen: false };
      if (above?.type !== 'CallExpression' || above.callee !== member) return isLookedAt(parent, member, type) ? undefined : 'alias';
      const completion = completionOf(above);
      if (completion !== 'awaited' && above.arguments.some((argument) => isFunctionNode(unwrapExpression(argument)))) {
        return LISTENER_METHODS.has(staticMemberName(parent) ?? '') ? 'listens' : 'callback style';
      }
      return { call: above, method: staticMemberName(parent), completion, isUnseen: false };
    }
    case 'TaggedTemplateExpression':
      return { call: parent, method: undefined, completion: completionOf(parent), isUnseen: false };
    case 'CallExpression':
      if (parent.callee === outer) return { call: parent, method: undefined, completion: completionOf(parent), isUnseen: false };
      return { call: parent, method: undefined, completion: completionOf(parent), isUnseen: !isSeen(model, parent) };
    case 'NewExpression':
      return { call: parent, method: undefined, completion: completionOf(parent), isUnseen: true };
    case 'UnaryExpression':
      return parent.operator === '!' || parent.operator === 'typeof' ? undefined : 'alias';
    case 'BinaryExpression':
      return undefined;
    case 'IfStatement':
    case 'WhileStatement':
      return undefined;
    case 'LogicalExpression':
    case 'ConditionalExpression':
      return parent.type === 'ConditionalExpression' ? (parent.test === outer ? undefined : 'alias') : parent.left === outer && parent.operator === '&&' ? undefined : 'alias';
    case 'Property': {
      // `save({ client, order })`
      const call = parent.parent.parent;
      if (parent.parent.type === 'ObjectExpression' && call?.type === 'CallExpression' && call.arguments.includes(parent.parent)) {
        return { call, method: undefined, completion: completionOf(call), isUnseen: !isSeen(model, call) };
      }
      return 'alias';
    }
    default:
      return 'alias';
  }
}

/** Whether the property is only written or tested, or is none that the table knows: a value like any other. */
function isLookedAt(property: TSESTree.MemberExpression, member: Node, type: TypeRow): boolean {
  const { parent } = member;
  if (parent?.type === 'AssignmentExpression' && parent.left === member) return true;
  if (parent?.type === 'UnaryExpression' || parent?.type === 'BinaryExpression' || parent?.type === 'IfStatement') return true;
  const name = staticMemberName(property);
  // `transaction.LOCK.UPDATE`: a constant.
  if (name !== undefined && /^[A-Z][A-Z0-9_]*$/.test(name)) return true;
  return name !== undefined && type.sends !== undefined && !type.sends.includes(name) && ownRow(type.members, name) === undefined;
}

/** `client?.query(…)` */
function isOptional(node: Node): boolean {
  const { parent } = outermost(node);
  return parent?.type === 'MemberExpression' && parent.optional;
}

/** Whether the analysis followed the call. */
function isSeen(model: ProgramModel, call: TSESTree.CallExpression): boolean {
  return (model.bindings.calleeOf(call) ?? model.bindings.foreignCalleeOf(call)?.node) !== undefined;
}

/** What becomes of the promise that the call gives. */
export function completionOf(call: Node): Completion {
  let node = outermost(call);
  for (;;) {
    const parent: Node | undefined = node.parent;
    if (parent === undefined) return 'kept';
    // A reaction is a part of the chain; `Promise.all([…])` waits for its elements.
    if (parent.type === 'MemberExpression' && parent.object === node && /^(?:then|catch|finally)$/.test(staticMemberName(parent) ?? '')) {
      const chained: Node | undefined = outermost(parent).parent;
      if (chained?.type !== 'CallExpression') return 'kept';
      node = outermost(chained);
      continue;
    }
    if (parent.type === 'ArrayExpression' && parent.parent.type === 'CallExpression' && isWaitingCombinator(parent.parent)) {
      node = outermost(parent.parent);
      continue;
    }
    if (parent.type === 'CallExpression' && isWaitingCombinator(parent)) {
      node = outermost(parent);
      continue;
    }
    if (parent.type === 'AwaitExpression') return 'awaited';
    if (parent.type === 'ForOfStatement' && parent.right === node) return parent.await ? 'awaited' : 'kept';
    if (parent.type === 'ReturnStatement') return 'returned';
    if (parent.type === 'ExpressionStatement' || (parent.type === 'UnaryExpression' && parent.operator === 'void')) return 'floating';
    return 'kept';
  }
}

/** `Promise.all(…)` and `Promise.allSettled(…)`, which wait for what they are given. */
export function isWaitingCombinator(call: TSESTree.CallExpression): boolean {
  const callee = unwrapChain(call.callee);
  return callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && callee.object.name === 'Promise' && /^(?:all|allSettled)$/.test(staticMemberName(callee) ?? '');
}

/** The outermost function between a reference and the unit of the handle. */
export function functionBetween(model: ProgramModel, node: Node, handle: KeptHandle): FunctionNode | undefined {
  let found: FunctionNode | undefined;
  for (let unit = model.file.unitOf(node); unit !== handle.unit; unit = model.file.unitOf(unit)) {
    if (!isFunctionNode(unit)) break;
    found = unit;
  }
  return found;
}

/** Whether a function that is given to a call has run when the statement around it is done. `side by side`: if nothing fails. */
export function runsAtOnce(inner: FunctionNode): 'in turn' | 'side by side' | undefined {
  const call = inner.parent;
  if (call.type !== 'CallExpression' || inner.generator) return undefined;
  if (call.callee === inner) return inner.async ? (call.parent.type === 'AwaitExpression' ? 'in turn' : undefined) : 'in turn';
  const { name, isMethod } = callShape(call);
  if (isMethod && isListMethod(name) && !inner.async) return 'in turn';
  if (completionOf(call) !== 'awaited') return undefined;
  return isMethod && /^(?:then|catch|finally)$/.test(name ?? '') && isDirectlyAwaited(call) ? 'in turn' : 'side by side';
}

/** Whether the chain that the call ends or is a link of is awaited itself, and not one of several. */
function isDirectlyAwaited(call: Node): boolean {
  for (let node = outermost(call); ; ) {
    const parent: Node | undefined = node.parent;
    if (parent?.type === 'AwaitExpression') return true;
    if (parent?.type !== 'MemberExpression' || parent.object !== node) return false;
    const chained: Node | undefined = outermost(parent).parent;
    if (chained?.type !== 'CallExpression') return false;
    node = outermost(chained);
  }
}

function isWithin(node: Node, outer: Node): boolean {
  return node.range[0] >= outer.range[0] && node.range[1] <= outer.range[1];
}
