/**
 * The connection of callbacks in the style of Node is released as soon as nothing uses it any more: first of all in the callback of its last use, and before each `return` that leaves an earlier
 * one. The analysis of what comes of that says where else it has to be.
 */
import type { ProgramModel } from '../analysis/program-model.ts';
import { isConstant, type Variable } from '../bindings/scope-index.ts';
import type { LeakCause } from '../findings/finding.ts';
import { isFunctionNode, type Node, type Statement, type TSESTree, type UnitNode } from '../syntax/estree.ts';
import { unwrapChain, unwrapExpression } from '../syntax/unwrap-expression.ts';
import { eachChild } from '../syntax/each-child.ts';
import { VISITOR_KEYS } from '../syntax/visitor-keys.ts';
import type { BlockedReason } from './blocked-reason.ts';
import { isCuredBy } from './cured.ts';
import { applyEdits, inOrder, type Edit, type FixAnswer } from './edit-plan.ts';
import { calledAs, findGiven } from './find-given.ts';
import type { FixInput } from './fix-input.ts';
import { guardOf, isPure, releaseCallOf, useOf, type ResourceCall } from './handle-uses.ts';
import { innerReleases } from './inner-releases.ts';
import { beginsTransaction, needsOwnConnection, transactionCommandOf } from './open-transaction.ts';
import { outermost } from './outermost.ts';
import { poolOf } from './plan-single-shot.ts';
import { spelledRelease } from './release-text.ts';
import { emptiedBlocks, removeStatement } from './remove-statement.ts';
import { SourceLayout } from './source-layout.ts';

const FORM = 'released in the callback';

/** How often something may be added. */
const MAX_PLACES = 8;

type Callback = TSESTree.ArrowFunctionExpression | TSESTree.FunctionExpression;

/** A call of the connection whose result comes by a callback. */
interface CallbackUse extends ResourceCall {
  readonly call: TSESTree.CallExpression;
  readonly callback: Callback;
}

interface CallbackRelease {
  readonly call: TSESTree.CallExpression;
  readonly unit: Node;
  /** The statement that is nothing but the release, where it is one. */
  readonly statement: Statement | undefined;
  readonly text: string;
}

interface CallbackUses {
  readonly releases: readonly CallbackRelease[];
  readonly calls: readonly ResourceCall[];
  readonly callbacks: readonly CallbackUse[];
  /** Every reference to the connection, or to what releases it, but releases. */
  readonly others: readonly Node[];
}

/** One place where a release is added. */
interface Place {
  readonly edits: readonly Edit[];
  readonly isFirst: boolean;
  readonly isCertain: boolean;
}

/** The edits that release in callbacks; undefined where the connection is not used in that style. */
export function planCallbackRelease(input: FixInput): FixAnswer | undefined {
  const { site, outcome, model, finding, reanalyse } = input;
  const names = namesOf(input);
  if (names?.variable.references.some(({ identifier }) => callbackUseOf(identifier) !== undefined) !== true) return undefined;
  const uses = usesOfNames(input, names);
  const blocked = (reason: BlockedReason): FixAnswer => ({ kind: 'blocked', form: FORM, reason });
  if (site.acquisition.type.ending === 'commit or rollback') return blocked('ends by commit or rollback');
  const [settlement] = outcome.settlements;
  if (settlement !== undefined) return blocked(settlement.kind === 'unknown' ? 'not followed' : 'escapes');
  if (outcome.misuses.length > 0) return blocked('misused');
  if (typeof uses === 'string') return blocked(uses);
  // A function that is called by somebody else uses it who knows when.
  const units = new Set<Node>([names.unit, ...uses.callbacks.map(({ callback }) => callback)]);
  if (uses.others.some((node) => !units.has(runningUnit(model, node)))) return blocked('captured');
  const release = releaseOf(input, names, uses);
  if (typeof release !== 'object') return blocked(release);
  const layout = new SourceLayout(model.text);
  let edits: Edit[] = [];
  const places: Place[] = [];
  for (;;) {
    const found = reanalyse?.(applyEdits(model.text, edits))?.findings.find(({ kind, node }) => kind === 'leak' && node.range[0] === finding.node.range[0]);
    if (found?.kind !== 'leak') break;
    const node = nodeBefore(model, edits, found.cause.node);
    const place = node === undefined || places.length > MAX_PLACES ? 'still lost' : placeOf(input, layout, uses, release.text, { ...found.cause, node } as LeakCause, edits);
    if (typeof place === 'string') return blocked(place);
    places.push(place);
    edits = inOrder([...edits, ...place.edits]);
  }
  if (places.length === 0 || !isCuredBy(input, edits)) return blocked('still lost');
  const isPlain = uses.calls.every((use) => !use.isUnseen && needsOwnConnection(model, use) !== true && transactionCommandOf(model, use) === undefined);
  const isCertain = isPlain && places.every((one) => one.isFirst && one.isCertain);
  return {
    kind: 'edits', form: FORM, safety: isCertain ? 'automatic' : 'suggestion', edits,
    title: places.every(({ isFirst }) => isFirst) ? `Release \`${names.name}\` first of all in the callback of its last use.` : `Release \`${names.name}\` before each callback is left.`,
  };
}

/** The function in which `node` runs; the executor of a promise runs where that is made. */
function runningUnit(model: ProgramModel, node: Node): Node {
  for (let unit = model.file.unitOf(node); ; unit = model.file.unitOf(unit)) {
    const maker = isFunctionNode(unit) ? unit.parent : undefined;
    if (maker?.type !== 'NewExpression' || maker.callee.type !== 'Identifier' || maker.callee.name !== 'Promise') return unit;
  }
}

/** What the connection and its release are called. */
interface Names {
  readonly name: string;
  readonly variable: Variable;
  readonly done: Variable | undefined;
  /** The function in which they are named. */
  readonly unit: UnitNode;
}

function namesOf(input: FixInput): Names | undefined {
  const given = findGiven(input);
  if (given !== undefined) return given.as === 'callback' ? given : undefined;
  const { site, model, finding } = input;
  let value = outermost(site.node);
  if (value.parent?.type === 'AwaitExpression') value = outermost(value.parent);
  const callee = site.node.type === 'CallExpression' ? unwrapChain(site.node.callee) : undefined;
  const object = callee?.type === 'MemberExpression' ? unwrapExpression(callee.object) : undefined;
  const declared = value.parent?.type === 'VariableDeclarator' && value.parent.init === value ? value.parent.id : object;
  const variable = declared?.type === 'Identifier' && finding.handle === `\`${declared.name}\`` ? model.scopes.variableOf(declared) : undefined;
  return variable !== undefined && isConstant(variable) && variable.defs[0]?.type === ('Variable' as never) ? { name: variable.name, variable, done: undefined, unit: model.file.unitOf(site.node) } : undefined;
}

function usesOfNames({ site, model, outcome }: FixInput, { variable, done }: Names): CallbackUses | BlockedReason {
  const { type } = site.acquisition;
  const known = innerReleases(outcome.releases);
  const releases: CallbackRelease[] = [];
  const calls: ResourceCall[] = [];
  const callbacks: CallbackUse[] = [];
  const others: Node[] = [];
  for (const { identifier, init } of variable.references) {
    const node = identifier as Node;
    if (init === true || isOpener(node, site.node)) continue;
    const call = releaseCallOf(model, node, type, known);
    if (typeof call === 'string') return call;
    if (call !== undefined) {
      releases.push(releaseAt(model, call));
      continue;
    }
    others.push(node);
    const use = callbackUseOf(node) ?? useOf(model, node, type);
    if (typeof use === 'string') return use;
    if (use === undefined) continue;
    calls.push(use);
    if ('callback' in use) callbacks.push(use as CallbackUse);
  }
  for (const { identifier } of done?.references ?? []) {
    const call = calledAs(identifier);
    if (call !== undefined) releases.push(releaseAt(model, call));
    else others.push(identifier);
  }
  const found = new Set<Node>(releases.map(({ call }) => call));
  if ([...known].some((node) => !found.has(node))) return 'released elsewhere';
  return { releases, calls, callbacks, others };
}

/** `client` in `client.connect((error) => …)`, which opens it. */
function isOpener(node: Node, acquisition: Node): boolean {
  return acquisition.type === 'CallExpression' && acquisition.callee.range[0] <= node.range[0] && node.range[1] <= acquisition.callee.range[1];
}

/** `client.query('…', (error, result) => …)` */
function callbackUseOf(node: Node): CallbackUse | undefined {
  const outer = outermost(node);
  const member = outer.parent;
  if (member?.type !== 'MemberExpression' || member.object !== outer || member.computed || member.property.type !== 'Identifier') return undefined;
  const call = outermost(member).parent;
  const last = call?.type === 'CallExpression' && unwrapChain(call.callee) === member ? call.arguments.at(-1) : undefined;
  if (call?.type !== 'CallExpression' || (last?.type !== 'ArrowFunctionExpression' && last?.type !== 'FunctionExpression') || last.generator) return undefined;
  if (/^(?:on|once|addListener|then|catch|finally|prependListener)$/.test(member.property.name)) return undefined;
  return { call, method: member.property.name, completion: 'awaited', isUnseen: false, callback: last };
}

function releaseAt(model: ProgramModel, call: TSESTree.CallExpression): CallbackRelease {
  const expression = outermost(call);
  const guard = guardOf(expression);
  const statement = guard !== undefined ? (isPure(guard.test) ? guard.statement : undefined) : expression.parent?.type === 'ExpressionStatement' ? expression.parent : undefined;
  const isListed = statement?.parent.type === 'BlockStatement' || statement?.parent.type === 'SwitchCase';
  return { call, unit: model.file.unitOf(call), statement: isListed ? statement : undefined, text: model.text.slice(...expression.range).replace('!.', '.').replace('?.', '.') };
}

/** How the code releases it, where it does so without saying what is to become of the connection; else as the table does. */
function releaseOf(input: FixInput, { name, done }: Names, { releases, others }: CallbackUses): { readonly text: string } | BlockedReason {
  const isMethod = (call: TSESTree.CallExpression): boolean => unwrapChain(call.callee).type !== 'Identifier' || done !== undefined;
  const plain = releases.filter(({ call, text }) => isMethod(call) && !text.includes('?.') && (call.arguments.length === 0 || (call.arguments.length === 1 && !text.startsWith(`${name}.`) && call.arguments[0]!.type === 'Identifier' && call.arguments[0]!.name === name)));
  const table = spelledRelease(input, name);
  const text = plain.find(({ call }) => done !== undefined && unwrapChain(call.callee).type === 'Identifier')?.text ?? plain.find((one) => one.text === table)?.text ?? plain[0]?.text;
  if (text !== undefined) return { text };
  if (releases.length > 0) return 'release with an argument';
  if (table === undefined || table.startsWith('await ')) return 'no spelling';
  if (done !== undefined) return { text: `${done.name}()` };
  // The types say that it may be missing, and the code that it is there.
  const isAsserted = others.some(({ parent }) => parent?.type === 'TSNonNullExpression');
  return { text: isAsserted && table.startsWith(`${name}.`) ? `${name}!${table.slice(name.length)}` : table };
}

/** Whether something else is under way on the connection when the callbacks around `node` run. */
function isBeside(model: ProgramModel, { calls, callbacks }: CallbackUses, node: Node, own: CallbackUse | undefined): boolean {
  const around = callbacks.filter((use) => use === own || isWithin(node, use.callback));
  return around.some((use) => {
    const unit = model.file.unitOf(use.call);
    const others = calls.filter((other) => other.call !== use.call && model.file.unitOf(other.call) === unit && !(other.completion === 'awaited' && !('callback' in other)));
    return others.some((other) => leadsTo(model, unit, use.call, other.call) || leadsTo(model, unit, other.call, use.call));
  });
}

/** Whether control may come from one call of a unit to another. */
function leadsTo(model: ProgramModel, unit: UnitNode, from: Node, to: Node): boolean {
  const { instructions } = model.graphOf(unit);
  const found = new Set<number>();
  const pending = instructions.filter(({ op, node }) => op === 'call' && node === from).map(({ next }) => next);
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const instruction = instructions[id];
    if (instruction === undefined || found.has(id)) continue;
    found.add(id);
    if (instruction.op === 'call' && instruction.node === to) return true;
    pending.push(instruction.next, instruction.alternate, instruction.thrown, ...(instruction.op === 'dispatch' ? instruction.targets : []));
  }
  return false;
}

/** Where a release is missing on the path that has this cause. */
function placeOf(input: FixInput, layout: SourceLayout, uses: CallbackUses, release: string, cause: LeakCause, edits: readonly Edit[]): Place | BlockedReason {
  const { model } = input;
  const { node } = cause;
  const unit = isFunctionNode(node) && cause.kind === 'end' ? node : model.file.unitOf(node);
  const leaves = uses.callbacks.filter(({ callback }) => !uses.others.some((other) => isWithin(other, callback)));
  const own = leaves.find(({ callback }) => callback === unit);
  if (own !== undefined) return firstIn(input, layout, uses, release, own, edits);
  // A callback without a release, in what the path goes through.
  const around = cause.kind === 'return' ? node : cause.kind === 'end' ? unit : undefined;
  const inside = around && leaves.find(({ callback }) => isWithin(callback, around) && !uses.releases.some(({ call }) => isWithin(call, callback)) && !isEdited(edits, callback));
  if (inside !== undefined) return firstIn(input, layout, uses, release, inside, edits);
  if (!isFunctionNode(unit)) return 'still lost';
  const statement = cause.kind === 'return' ? node : cause.kind === 'branch' ? branchOf(node, cause.outcome) : undefined;
  if (statement === undefined || uses.others.some((other) => isWithin(other, statement))) return 'unfinished';
  // What was begun there before goes on.
  if (uses.calls.some(({ call }) => model.file.unitOf(call) === unit && call.range[0] < statement.range[0])) return 'unfinished';
  if (isBeside(model, uses, statement, undefined)) return 'unfinished';
  if (isOpenAt(model, uses, statement)) return 'transaction left open';
  if (!isMeantAlike(model, release, statement, uses)) return 'name taken';
  const added = cause.kind === 'branch' ? beforeFirst(layout, statement, release) : before(layout, statement, release);
  return added === undefined || isEdited(edits, statement) ? 'still lost' : { edits: added, isFirst: false, isCertain: false };
}

/** The release as the first statement of the callback of the last use; the others in it go. */
function firstIn(input: FixInput, layout: SourceLayout, uses: CallbackUses, release: string, { call, callback, method }: CallbackUse, edits: readonly Edit[]): Place | BlockedReason {
  const { model } = input;
  const own = uses.releases.filter((one) => isWithin(one.call, callback));
  if (isEdited(edits, callback.body) || callback.async) return 'still lost';
  if (own.some((one) => one.unit !== callback)) return 'released in a callback';
  if (own.some(({ statement }) => statement === undefined)) return 'release is part of an expression';
  if (own.some(({ text, call: { arguments: given } }) => text !== release && given.length > 0)) return 'release with an argument';
  if (isBeside(model, uses, callback.body, uses.callbacks.find((use) => use.callback === callback))) return 'unfinished';
  if (isOpenAt(model, uses, callback.body)) return 'transaction left open';
  if (!isMeantAlike(model, release, callback.body, uses)) return 'name taken';
  const { body } = callback;
  const removed = own.map(({ statement }) => statement!);
  if (body.type === 'BlockStatement' && body.body[0]?.type === 'ExpressionStatement' && removed.includes(body.body[0])) return 'still lost';
  const added = body.type === 'BlockStatement' ? beforeFirst(layout, body, release) : [{ range: [body.range[0], body.range[0]] as const, text: `{ ${release}; ` }, { range: [body.range[1], body.range[1]] as const, text: '; }' }];
  // A parenthesis around the body would stay outside.
  if (added === undefined || (body.type !== 'BlockStatement' && /\(\s*$/.test(model.text.slice(callback.range[0], body.range[0])))) return 'still lost';
  // Where the pool does the same by itself, what comes of it needs the connection no longer.
  const isCertain = method !== undefined && poolOf(input)?.methods.includes(method) === true && call.arguments.every(({ type }) => type !== 'NewExpression');
  return { edits: [...added, ...removed.flatMap((statement) => removeStatement(layout, statement)), ...emptiedBlocks(layout, removed)], isFirst: true, isCertain };
}

/** The block that is run where a test comes out so. */
function branchOf(test: Node, outcome: boolean): Statement | undefined {
  const { parent } = test;
  if (parent?.type !== 'IfStatement' || parent.test !== test) return undefined;
  const branch = outcome ? parent.consequent : parent.alternate;
  return branch?.type === 'BlockStatement' && branch.body.length > 0 ? branch : undefined;
}

/** Whether a transaction that the code began may be open at `node`. */
function isOpenAt(model: ProgramModel, { callbacks }: CallbackUses, node: Node): boolean {
  const around = callbacks.filter(({ callback }) => isWithin(node, callback)).sort((left, right) => left.callback.range[0] - right.callback.range[0]);
  let isOpen = false;
  for (const [index, use] of around.entries()) {
    const isLast = index === around.length - 1;
    if (transactionCommandOf(model, use) === 'commit' || transactionCommandOf(model, use) === 'rollback') isOpen = false;
    else if (beginsTransaction(model, use)) isOpen = !(isLast && isInErrorBranch(model, node, use.callback));
  }
  return isOpen;
}

/** Whether `node` is run only where the first parameter of the callback is an error. */
function isInErrorBranch(model: ProgramModel, node: Node, callback: Callback): boolean {
  const [param] = callback.params;
  const error = param?.type === 'Identifier' ? model.scopes.variableOf(param) : undefined;
  for (let inner = node; inner.parent && inner !== callback; inner = inner.parent) {
    const { parent } = inner;
    if (parent.type === 'IfStatement' && parent.consequent === inner && parent.test.type === 'Identifier' && error !== undefined && model.scopes.variableOf(parent.test) === error) return true;
  }
  return false;
}

/** Whether the names in the text of the release mean at `node` what they mean where the connection is named. */
function isMeantAlike(model: ProgramModel, release: string, node: Node, { others, releases }: CallbackUses): boolean {
  const at = others[0] ?? releases[0]?.call;
  return [...release.matchAll(/(?<![.\w$])[A-Za-z_$][\w$]*/g)].every(([name]) => at === undefined || model.scopes.meaningOf(name, node) === model.scopes.meaningOf(name, at));
}

/** The edits that put the release before a statement. */
function before(layout: SourceLayout, statement: Node, release: string): Edit[] | undefined {
  const { range, parent } = statement;
  if (parent?.type === 'BlockStatement' || parent?.type === 'SwitchCase') {
    const space = layout.isFirstInLine(range[0]) ? layout.eol + layout.indentAt(range[0]) : ' ';
    return [{ range: [range[0], range[0]], text: `${release};${space}` }];
  }
  if (parent?.type !== 'IfStatement') return undefined;
  return [{ range: [range[0], range[0]], text: `{ ${release}; ` }, { range: [range[1], range[1]], text: ' }' }];
}

/** The edits that put the release first in a block. */
function beforeFirst(layout: SourceLayout, block: Node, release: string): Edit[] | undefined {
  if (block.type !== 'BlockStatement') return undefined;
  const [first] = block.body;
  const open = block.range[0] + 1;
  const isOwnLine = first !== undefined && layout.isFirstInLine(first.range[0]);
  return [{ range: [open, open], text: isOwnLine ? `${layout.eol}${layout.indentAt(first.range[0])}${release};` : ` ${release};` }];
}

function isEdited(edits: readonly Edit[], { range }: Node): boolean {
  return edits.some((edit) => range[0] <= edit.range[0] && edit.range[1] <= range[1] && edit.text !== '');
}

/** The node of the file that `node`, of the edited text, was before the edits. */
function nodeBefore(model: ProgramModel, edits: readonly Edit[], node: Node): Node | undefined {
  let shift = 0;
  for (const { range, text } of edits) {
    const start = range[0] + shift;
    if (node.range[0] < start) break;
    if (node.range[0] < start + text.length) return undefined;
    shift += text.length - (range[1] - range[0]);
  }
  const position = node.range[0] - shift;
  const pending: Node[] = [model.file.program];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.range[0] === position && next.type === node.type) return next;
    if (next.range[0] <= position && position < next.range[1]) eachChild(next, VISITOR_KEYS, (child) => pending.push(child));
  }
  return undefined;
}

function isWithin({ range }: Node, outer: Node): boolean {
  return outer.range[0] <= range[0] && range[1] <= outer.range[1];
}
