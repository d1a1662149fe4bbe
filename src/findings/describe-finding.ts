/** The sentences that a user reads: what is held, which exit it leaves by and why, and the way out. */
import { excerpt } from '../syntax/excerpt.ts';
import type { CallLike, Node, UnitNode } from '../syntax/estree.ts';
import { describeUnit } from '../syntax/file-index.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { TypeRow } from '../drivers/driver.ts';
import type { Decision, LeakCause, MisuseCondition, WayOut } from './finding.ts';

function line(node: Node): string {
  return `line ${String(node.loc.start.line)}`;
}

function code(node: Node, text: string): string {
  return `\`${excerpt(node, text)}\``;
}

/** The release as the code would write it: `client.release()`, `pool.putconn(conn)`, `(await pending).release()`. */
function spellRelease(type: TypeRow, handle: HandleName | undefined, acquisition: Node, text: string): string {
  const callee = acquisition.type === 'CallExpression' ? unwrapChain(acquisition.callee) : undefined;
  const pool = callee?.type === 'MemberExpression' ? `${excerpt(callee.object, text)}.` : '';
  const { giveBack = '' } = type;
  const name = handle?.name ?? type.noun;
  const spelt = handle?.isPromise !== true ? name : giveBack.startsWith('$') ? `(await ${name})` : `await ${name}`;
  return giveBack.replace('$', spelt).replace('@.', pool);
}

/** The expression that names the resource, and whether that is a promise of it. */
export interface HandleName {
  readonly name: string;
  readonly isPromise: boolean;
}

/** What a leak is reported with. `type.giveBack` is how this library spells the release. */
export function describeLeak(leak: {
  handle: string;
  /** The expression that names the handle, when it is kept in a variable. */
  name: HandleName | undefined;
  type: TypeRow;
  acquisition: Node;
  cause: LeakCause;
  extent: 'never' | 'some paths';
  wayOut: WayOut;
  lost: Node | undefined;
  kept: boolean;
  unit: UnitNode;
  /** The method that gives it back, of the object that it lies in. */
  closer: string | undefined;
  text: string;
}): string {
  const { handle, type, cause, text } = leak;
  const call = code(leak.acquisition, text);
  if (cause.kind === 'not-disposable') {
    const giveBack = `\`${spellRelease(type, leak.name && { ...leak.name, isPromise: false }, leak.acquisition, text)}\``;
    return `The ${type.noun} from ${call} leaks: the declaration throws because this ${type.noun} has no dispose method, after it was taken. Use \`try\` and \`finally\` (${giveBack}).`;
  }
  // The object that has it gives it back: `session.client` by `session.close()`.
  const owner = leak.closer === undefined ? undefined : /^(.+)\.[^.]+$/.exec(leak.name?.name ?? '')?.[1];
  const giveBack = `\`${owner === undefined ? spellRelease(type, leak.name, leak.acquisition, text) : `${owner}.${leak.closer ?? ''}()`}\``;
  if (!leak.kept) {
    return `The ${type.noun} from ${call} is never released: nothing keeps it. Keep it in a variable and release it in a \`finally\` block (${giveBack}).`;
  }
  const wayOut = describeWayOut(leak.wayOut, giveBack);
  // Where a throw comes first, the overwriting is only its consequence.
  if (leak.lost !== undefined && (leak.extent === 'never' || cause.kind !== 'throws')) {
    return `${handle} from ${call} is never released: ${line(leak.lost)} overwrites it while it is still out. ${wayOut}`;
  }
  if (cause.kind === 'missed') {
    const { emitter, event } = listenerOf(cause.node, text);
    const others = event === 'finish' ? '' : ', or on both `end` and `error`';
    return `${handle} from ${call} is not released if ${emitter} closes without \`${event}\`, which ${line(cause.node)} waits for. Release it on \`close\`${others} (${giveBack}).`;
  }
  if (leak.extent === 'never') {
    return `${handle} from ${call} is never released. ${wayOut}`;
  }
  return `${handle} from ${call} is not released ${describeCause(cause, leak.acquisition, leak.wayOut.kind === 'all settled', leak.unit, text)}. ${wayOut}`;
}

/** `giveBack` is the release as the code would write it. */
function describeWayOut(wayOut: WayOut, giveBack: string): string {
  switch (wayOut.kind) {
    case 'finally':
      return wayOut.isKept ? `Release it in a \`finally\` block (${giveBack}).` : `Keep it in a variable and release it in a \`finally\` block (${giveBack}).`;
    case 'finally of its own':
      return `Put the release into a \`finally\` block of its own (${giveBack}).`;
    case 'whenever taken':
      return `Release it there whenever it was taken (${giveBack}).`;
    case 'catch':
      if (wayOut.clause !== undefined) return `Release it in the \`catch\` block on ${line(wayOut.clause)} (${giveBack}).`;
      return `Release it in a \`catch\` block that throws the error again (${giveBack}).`;
    case 'this path':
      return `Release it there (${giveBack}).`;
    case 'callback':
      return wayOut.isHandedOn ? `Release it on every path that does not hand it on (${giveBack}).` : `Release it on every path through the callback (${giveBack}).`;
    case 'all settled':
      return `Wait with \`Promise.allSettled\` and release each one that came (${giveBack}).`;
    case 'late':
      return `Keep its promise in a variable and release what comes late (${giveBack}).`;
  }
}

/** The end of a sentence: on which path something is lost. */
export function describeCause(
  cause: Exclude<LeakCause, { kind: 'not-disposable' | 'missed' }>,
  acquisition: Node,
  isOneOfSeveral: boolean,
  unit: UnitNode,
  text: string,
): string {
  switch (cause.kind) {
    case 'throws':
      return describeThrow(cause, acquisition, isOneOfSeveral, text) + andTest(cause.and, text);
    case 'outrun':
      return `if ${code(cause.node, text)} on ${line(cause.node)} is faster`;
    case 'return':
      return `before the \`return\` on ${line(cause.node)}`;
    case 'branch':
      return describeDecision(cause, text);
    case 'end':
      return `on a path that reaches the end of ${cause.node === unit ? describeUnit(unit) : describeCallback(cause.node)}`;
    case 'stop':
      return `if the consumer stops at the \`yield\` on ${line(cause.node)}${andTest(cause.and, text)}`;
  }
}

function andTest(decision: Decision | undefined, text: string): string {
  return decision === undefined ? '' : ` and ${describeTest(decision, text)}`;
}

function describeThrow({ node }: { readonly node: Node }, acquisition: Node, isOneOfSeveral: boolean, text: string): string {
  if (node.type === 'VariableDeclarator') return `if leaving the scope of the \`using\` declaration on ${line(node)} throws`;
  if (node.type === 'ForOfStatement') return `if the loop over ${code(node.right, text)} on ${line(node)} throws`;
  // One of several that a call in a list takes; or a function of the project takes it, and fails afterwards.
  if (node === acquisition) return isOneOfSeveral ? `if another ${code(node, text)} on ${line(node)} throws` : 'if that call fails after it took it';
  return node.type === 'ThrowStatement' ? `when the \`throw\` on ${line(node)} runs` : `if ${code(node, text)} on ${line(node)} throws`;
}

/** `when \`own\` on line 9 is falsy`. */
function describeDecision(decision: Decision, text: string): string {
  const { node, test, outcome } = decision;
  return outcome && (test === 'case' || test === 'loop') ? `in the ${test === 'case' ? '`case`' : loopOf(node, text)} on ${line(node)}` : `when ${describeTest(decision, text)}`;
}

/** `\`own\` on line 9 is falsy`. */
function describeTest({ node, test, outcome }: Decision, text: string): string {
  const not = outcome ? '' : ' not';
  switch (test) {
    case 'loop':
      return `the ${loopOf(node, text)} on ${line(node)} ${outcome ? 'goes on' : 'is done'}`;
    case 'case':
      return `the value is${not} that of the \`case\` on ${line(node)}`;
    case 'nullish':
      return `${code(node, text)} on ${line(node)} is${not} null or undefined`;
    case 'undefined':
      return `${code(node, text)} on ${line(node)} is${not} undefined`;
    case 'truthy': {
      const isBoolean = node.type === 'BinaryExpression' || (node.type === 'UnaryExpression' && node.operator === '!');
      return `${code(node, text)} on ${line(node)} is ${isBoolean ? String(outcome) : outcome ? 'truthy' : 'falsy'}`;
    }
  }
}

function loopOf(node: Node, text: string): string {
  return node.type === 'ForOfStatement' || node.type === 'ForInStatement' ? `loop over ${code(node.right, text)}` : 'loop';
}

/** A continuation that the path went through. */
function describeCallback(unit: Node): string {
  const name = describeUnit(unit as UnitNode);
  return name.startsWith('`') ? name : `the callback on ${line(unit)}`;
}

/** The emitter and the event of a registration: `res.on('finish', …)`. */
function listenerOf(node: CallLike, text: string): { emitter: string; event: string } {
  const callee = node.type === 'CallExpression' ? unwrapChain(node.callee) : undefined;
  const name = node.type === 'CallExpression' ? node.arguments[0] : undefined;
  const emitter = callee?.type === 'MemberExpression' ? code(callee.object, text) : 'the emitter';
  return { emitter, event: name?.type === 'Literal' ? String(name.value) : 'end' };
}

/** What has to happen for a misuse to come about, with a space in front; nothing where it happens in any case. */
function describeCondition(condition: MisuseCondition | undefined, text: string): string {
  if (condition === undefined) return '';
  if (condition.kind === 'branch') return ` ${describeDecision(condition, text)}`;
  return condition.node.type === 'ThrowStatement' ? ` when the \`throw\` on ${line(condition.node)} runs` : ` if ${code(condition.node, text)} on ${line(condition.node)} throws`;
}

/** What a second release is reported with. `condition`: what has to happen for it to be the second. */
export function describeDoubleRelease(misuse: {
  again: 'throws' | 'gives-away' | 'harmless';
  handle: string;
  first: Node;
  second: Node;
  condition: MisuseCondition | undefined;
  inCallback: boolean;
  text: string;
}): string {
  const consequence = misuse.again === 'throws'
    ? 'the second release throws'
    : 'the second release gives away a connection that somebody else may hold by now';
  const condition = describeCondition(misuse.condition, misuse.text);
  const before = misuse.first === misuse.second ? 'by the same call before' : `on ${line(misuse.first)}`;
  const wayOut = `Release it once, ${misuse.inCallback ? 'on each path through the callback' : 'in a `finally` block'}.`;
  return `${misuse.handle} was already released ${before}${condition}: ${consequence}. ${wayOut}`;
}

/** What a use after the release is reported with. `condition`: what has to happen for it to come after. */
export function describeUseAfterRelease(misuse: {
  unguarded: boolean;
  handle: string;
  use: Node;
  first: Node;
  condition: MisuseCondition | undefined;
  text: string;
}): string {
  const { handle, use, first, text } = misuse;
  const consequence = misuse.unguarded ? 'it runs on a connection that somebody else may hold by now' : 'it fails';
  const condition = describeCondition(misuse.condition, text);
  return `${code(use, text)} uses ${handle} after its release on ${line(first)}${condition}: ${consequence}. Move the release behind the last use.`;
}
