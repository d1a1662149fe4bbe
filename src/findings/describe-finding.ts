/** The sentences that a user reads: what is held, which exit it leaves by and why, and the way out. */
import { excerpt } from '../syntax/excerpt.ts';
import type { CallLike, Node, UnitNode } from '../syntax/estree.ts';
import { describeUnit } from '../syntax/file-index.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { TypeRow } from '../drivers/driver.ts';
import type { LeakCause } from './finding.ts';

function line(node: Node): string {
  return `line ${String(node.loc.start.line)}`;
}

function code(node: Node, text: string): string {
  return `\`${excerpt(node, text)}\``;
}

/** The release as the code would write it: `client.release()`, `pool.putconn(conn)`. */
function spellRelease(type: TypeRow, name: string, acquisition: Node, text: string): string {
  const callee = acquisition.type === 'CallExpression' ? unwrapChain(acquisition.callee) : undefined;
  const pool = callee?.type === 'MemberExpression' ? `${excerpt(callee.object, text)}.` : '';
  return type.giveBack.replace('$', name).replace('@.', pool);
}

/** What a leak is reported with. `giveBack` is how this library spells the release. */
export function describeLeak(leak: {
  handle: string;
  /** The expression that names the handle, when it is kept in a variable. */
  name: string | undefined;
  type: TypeRow;
  acquisition: Node;
  cause: LeakCause;
  extent: 'never' | 'some paths';
  lost: Node | undefined;
  kept: boolean;
  unit: UnitNode;
  /** Whether the release belongs into a callback. */
  inCallback: boolean;
  text: string;
}): string {
  const { handle, type, cause, text } = leak;
  const call = code(leak.acquisition, text);
  const giveBack = `\`${spellRelease(type, leak.name ?? type.noun, leak.acquisition, text)}\``;
  const wayOut = leak.inCallback ? `Release it on every path through the callback (${giveBack}).` : `Release it in a \`finally\` block (${giveBack}).`;
  if (cause.kind === 'not-disposable') {
    return `The ${type.noun} from ${call} leaks: the declaration throws because this ${type.noun} has no dispose method, after it was taken. Use \`try\` and \`finally\` (${giveBack}).`;
  }
  if (!leak.kept) {
    return `The ${type.noun} from ${call} is never released: nothing keeps it. Keep it in a variable and release it in a \`finally\` block (${giveBack}).`;
  }
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
  return `${handle} from ${call} is not released ${describeCause(cause, leak.unit, text)}. ${wayOut}`;
}

/** The end of a sentence: on which path something is lost. */
export function describeCause(cause: Exclude<LeakCause, { kind: 'not-disposable' | 'missed' }>, unit: UnitNode, text: string): string {
  switch (cause.kind) {
    case 'throws':
      if (cause.node.type === 'VariableDeclarator') return `if leaving the scope of the \`using\` declaration on ${line(cause.node)} throws`;
      if (cause.node.type === 'ForOfStatement') return `if the loop over ${code(cause.node.right, text)} on ${line(cause.node)} throws`;
      return cause.node.type === 'ThrowStatement' ? `when the \`throw\` on ${line(cause.node)} runs` : `if ${code(cause.node, text)} on ${line(cause.node)} throws`;
    case 'outrun':
      return `if ${code(cause.node, text)} on ${line(cause.node)} is faster`;
    case 'return':
      return `before the \`return\` on ${line(cause.node)}`;
    case 'end':
      return `on a path that reaches the end of ${cause.node === unit ? describeUnit(unit) : describeCallback(cause.node)}`;
    case 'stop':
      return `if the consumer stops at the \`yield\` on ${line(cause.node)}`;
  }
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

/** What a second release is reported with. */
export function describeDoubleRelease(again: 'throws' | 'gives-away' | 'harmless', handle: string, first: Node, inCallback: boolean): string {
  const consequence = again === 'throws'
    ? 'the second release throws'
    : 'the second release gives away a connection that somebody else may hold by now';
  return `${handle} was already released on ${line(first)}: ${consequence}. Release it once, ${inCallback ? 'on each path through the callback' : 'in a `finally` block'}.`;
}

/** What a use after the release is reported with. */
export function describeUseAfterRelease(unguarded: boolean, handle: string, use: Node, first: Node, text: string): string {
  const consequence = unguarded ? 'it runs on a connection that somebody else may hold by now' : 'it fails';
  return `${code(use, text)} uses ${handle} after its release on ${line(first)}: ${consequence}. Move the release behind the last use.`;
}
