/** One query on a fresh connection is what the pool does by itself: `pool.query(…)`. */
import type { ProgramModel } from '../analysis/program-model.ts';
import { isConstant } from '../bindings/scope-index.ts';
import type { Node, TSESTree } from '../syntax/estree.ts';
import { unwrapChain, unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { BlockedReason } from './blocked-reason.ts';
import { inOrder, type FixAnswer } from './edit-plan.ts';
import { findGiven } from './find-given.ts';
import { findHandle, type FoundHandle } from './find-handle.ts';
import type { FixInput } from './fix-input.ts';
import { completionOf, usesOfHandle, type ResourceCall } from './handle-uses.ts';
import { isInTry } from './is-in-try.ts';
import { needsOwnConnection } from './open-transaction.ts';
import { planGivenShot } from './plan-given-shot.ts';
import { emptiedBlocks, removeStatement } from './remove-statement.ts';
import { SourceLayout } from './source-layout.ts';

const FORM = 'single shot';

/** The edits that let the pool take and give back the connection. */
export function planSingleShot(input: FixInput): FixAnswer {
  const { site, outcome, model } = input;
  const blocked = (reason: BlockedReason): FixAnswer => ({ kind: 'blocked', form: FORM, reason });
  const pool = poolOf(input);
  if (pool === undefined) return blocked('no single shot');
  const [settlement] = outcome.settlements;
  if (settlement !== undefined) return blocked(settlement.kind === 'unknown' ? 'not followed' : 'escapes');
  if (outcome.misuses.length > 0) return blocked('misused');
  const handle = findHandle(input);
  const unnamed = handle === 'not in a variable' ? unnamedUse(input) : undefined;
  if (unnamed !== undefined) return inPlace(input, pool, unnamed);
  const given = handle === 'not in a variable' ? findGiven(input) : undefined;
  if (given !== undefined) return planGivenShot(input, pool, given);
  if (typeof handle === 'string') return blocked(handle);
  const uses = usesOfHandle(model, handle, site.acquisition.type, outcome.releases);
  if (typeof uses === 'string') return blocked(uses);
  if (uses.isReleasedByFunction) return blocked('released elsewhere');
  const [use] = uses.calls;
  if (use === undefined || uses.calls.length !== 1 || uses.others.length !== 1) return blocked('several queries');
  if (use.method === undefined || !pool.methods.includes(use.method) || use.call.type !== 'CallExpression') return blocked('no single shot');
  // What the pool's promise is rejected with, a `catch` clause does not see where nobody waits; it saw that nothing could be taken.
  if (use.completion !== 'awaited' && (use.completion !== 'returned' || isInTry(use.call, handle.unit))) return blocked('unfinished');
  if (use.call.arguments.some(({ type }) => type === 'NewExpression')) return blocked('used as a stream');
  const needs = needsOwnConnection(model, use);
  if (needs === true) return blocked('needs a connection of its own');
  if (!isNext(handle, use)) return blocked('not the first thing');
  const layout = new SourceLayout(model.text);
  const statements = uses.releases.map(({ statement }) => statement);
  return {
    kind: 'edits', form: FORM,
    // A text that is not known may belong to a transaction; where the pool is no constant, it may be another one by then.
    safety: needs === false && pool.isConstant && !uses.isDoubtful ? 'automatic' : 'suggestion',
    title: `Query with \`${pool.text}.${use.method}()\`, which takes and releases a ${site.acquisition.type.noun} by itself.`,
    edits: inOrder([
      ...removeStatement(layout, handle.statement),
      { range: receiverOf(use.call).range, text: pool.text },
      ...statements.flatMap((statement) => removeStatement(layout, statement)),
      ...emptiedBlocks(layout, statements),
    ]),
  };
}

/** The query on a connection that has no name: `(await pool.connect()).query('…')`. */
function unnamedUse({ site }: FixInput): ResourceCall & { readonly call: TSESTree.CallExpression } | undefined {
  const awaited = site.node.parent;
  const member = awaited?.type === 'AwaitExpression' ? awaited.parent : undefined;
  if (member?.type !== 'MemberExpression' || member.object !== awaited || member.optional || member.computed || member.property.type !== 'Identifier') return undefined;
  const call = member.parent;
  return call.type === 'CallExpression' && call.callee === member && !call.optional ? { call, method: member.property.name, completion: completionOf(call), isUnseen: false } : undefined;
}

/** The edits for such a query; what its arguments do would come before the acquisition. */
function inPlace({ site, model }: FixInput, pool: NamedPool, use: ResourceCall & { readonly call: TSESTree.CallExpression }): FixAnswer {
  const blocked = (reason: BlockedReason): FixAnswer => ({ kind: 'blocked', form: FORM, reason });
  const { call, method, completion } = use;
  const callee = call.callee as TSESTree.MemberExpression;
  if (method === undefined || !pool.methods.includes(method)) return blocked('no single shot');
  if (completion !== 'awaited' && (completion !== 'returned' || isInTry(call, model.file.unitOf(call)))) return blocked('unfinished');
  if (!call.arguments.every((argument) => argument.type !== 'SpreadElement' && hasNoEffect(argument))) return blocked('not the first thing');
  const needs = needsOwnConnection(model, use);
  if (needs === true) return blocked('needs a connection of its own');
  const range = [callee.range[0], callee.property.range[0]] as const;
  if (new SourceLayout(model.text).hasComment(range)) return blocked('comment');
  return {
    kind: 'edits', form: FORM, safety: needs === false && pool.isConstant ? 'automatic' : 'suggestion',
    title: `Query with \`${pool.text}.${method}()\`, which takes and releases a ${site.acquisition.type.noun} by itself.`,
    edits: [{ range, text: `${pool.text}.` }],
  };
}

/** A pool that takes connections for single calls. */
export interface NamedPool {
  readonly text: string;
  readonly methods: readonly string[];
  /** Whether its name stands for the same pool wherever it is read. */
  readonly isConstant: boolean;
}

/** The pool that the connection is taken from by a method of the library, if it is named by a variable or a property. */
export function poolOf({ site, model }: Pick<FixInput, 'site' | 'model'>): NamedPool | undefined {
  if (site.node.type !== 'CallExpression' || model.bindings.acquisitionOf(site.node) !== site.acquisition) return undefined;
  const callee = unwrapExpression(site.node.callee);
  if (callee.type !== 'MemberExpression' || callee.optional) return undefined;
  const object = unwrapExpression(callee.object);
  const methods = singleShotsOf(model, object);
  const text = model.text.slice(...object.range);
  return methods && /^(?:this|[\w$]+)(?:\.#?[\w$]+)*$/.test(text) ? { text, methods, isConstant: isFixed(model, object) } : undefined;
}

/** The methods of the pool that take a connection for one call, but for those that a class of the project has in their place. */
function singleShotsOf(model: ProgramModel, pool: Node): readonly string[] | undefined {
  const entity = model.bindings.entityOf(pool);
  if (entity === undefined) return undefined;
  const found = model.bindings.driverInstanceOf(entity, '');
  return found?.driver.types[found.type]?.singleShot?.filter((name) => model.bindings.driverInstanceOf(entity, name) !== undefined);
}

/** A constant variable or parameter; a property of `this`: nothing runs between the acquisition and the query. */
function isFixed(model: ProgramModel, node: Node): boolean {
  if (node.type === 'ThisExpression') return true;
  if (node.type === 'MemberExpression') return isFixed(model, unwrapExpression(node.object));
  const variable = node.type === 'Identifier' ? model.scopes.variableOf(node) : undefined;
  return variable !== undefined && isConstant(variable);
}

function receiverOf(call: TSESTree.CallExpression): Node {
  const callee = unwrapChain(call.callee);
  return callee.type === 'MemberExpression' ? callee.object : callee;
}

/** Whether the query is the first thing that happens behind the acquisition. */
function isNext({ list, index, variable }: FoundHandle, { call }: ResourceCall): boolean {
  const next = list[index + 1];
  if (next === undefined || next.range[0] > call.range[0] || next.range[1] < call.range[1] || call.type !== 'CallExpression') return false;
  if (!call.arguments.every((argument) => argument.type !== 'SpreadElement' && hasNoEffect(argument))) return false;
  if (variable.defs[0]?.node.type === 'VariableDeclarator' && variable.defs[0].node.init === null) return false;
  for (let node: Node = call; node !== next; node = node.parent!) {
    const { parent }: Node = node;
    if (parent === undefined) return false;
    switch (parent.type) {
      case 'AwaitExpression':
      case 'ChainExpression':
      case 'TSAsExpression':
      case 'TSNonNullExpression':
      case 'ReturnStatement':
      case 'ExpressionStatement':
        break;
      case 'MemberExpression':
        if (parent.object !== node) return false;
        break;
      case 'BinaryExpression':
        if (parent.left !== node) return false;
        break;
      case 'VariableDeclarator':
        if (parent.init !== node || parent.parent.declarations[0] !== parent) return false;
        break;
      case 'VariableDeclaration':
        break;
      case 'IfStatement':
        if (parent.test !== node) return false;
        break;
      case 'AssignmentExpression':
        if (parent.right !== node || parent.left.type !== 'Identifier') return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

/** Whether nothing runs when the expression is evaluated. */
export function hasNoEffect(node: Node | null): boolean {
  if (node === null) return true;
  const inner = unwrapChain(node);
  switch (inner.type) {
    case 'Identifier':
    case 'Literal':
    case 'ThisExpression':
      return true;
    case 'TemplateLiteral':
      return inner.expressions.every(hasNoEffect);
    case 'MemberExpression':
      return hasNoEffect(inner.object) && (!inner.computed || hasNoEffect(inner.property));
    case 'ArrayExpression':
      return inner.elements.every((element) => element?.type !== 'SpreadElement' && hasNoEffect(element));
    case 'ObjectExpression':
      return inner.properties.every((property) => property.type === 'Property' && !property.computed && property.kind === 'init' && !property.method && hasNoEffect(property.value));
    case 'BinaryExpression':
    case 'LogicalExpression':
      return hasNoEffect(inner.left) && hasNoEffect(inner.right);
    case 'UnaryExpression':
      return inner.operator !== 'delete' && hasNoEffect(inner.argument);
    case 'ConditionalExpression':
      return hasNoEffect(inner.test) && hasNoEffect(inner.consequent) && hasNoEffect(inner.alternate);
    default:
      return false;
  }
}
