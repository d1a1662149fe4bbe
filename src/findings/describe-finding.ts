/** The sentences that a user reads: what is held, which exit it leaves by and why, and the way out. */
import { excerpt } from '../syntax/excerpt.ts';
import type { CallLike, Node, UnitNode } from '../syntax/estree.ts';
import { describeUnit } from '../syntax/file-index.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { Acquisition } from '../bindings/entity.ts';
import type { TypeRow } from '../drivers/driver.ts';
import { capitalised } from './capitalised.ts';
import { endingWords, endsByOutcome } from './ending-words.ts';
import type { Decision, LeakCause, MisuseCondition, WayOut } from './finding.ts';
import { spellRelease, spellScoped, type HandleName } from './spell-call.ts';
import type { Prepared } from './trace-history.ts';

function line(node: Node): string {
  return `line ${String(node.loc.start.line)}`;
}

function code(node: Node, text: string): string {
  return `\`${excerpt(node, text)}\``;
}

/** What a leak is reported with. */
export function describeLeak(leak: {
  handle: string;
  /** The expression that names the handle, when it is kept in a variable. */
  name: HandleName | undefined;
  acquisition: Acquisition;
  /** The acquiring call; of a function that hands the resource out, the call of that. */
  node: Node;
  cause: LeakCause;
  extent: 'never' | 'some paths';
  wayOut: WayOut;
  lost: Node | undefined;
  kept: boolean;
  /** A call on the path that only prepares the end: `trx.rollback()`, which nobody executes. */
  prepared: Prepared | undefined;
  unit: UnitNode;
  /** The method that gives it back, of the object that it lies in. */
  closer: string | undefined;
  text: string;
}): string {
  const { handle, cause, text, acquisition: { type } } = leak;
  const call = code(leak.node, text);
  const words = endingWords(type);
  if (cause.kind === 'not-disposable') {
    const giveBack = `\`${spellRelease(type, leak.name && { ...leak.name, isPromise: false }, leak.node, text)}\``;
    const block = endsByOutcome(type) ? 'catch' : 'finally';
    return `The ${type.noun} from ${call} leaks: the declaration throws because this ${type.noun} has no dispose method, after it was taken. Use \`try\` and \`${block}\` (${giveBack}).`;
  }
  // The object that has it gives it back: `session.client` by `session.close()`.
  const owner = leak.closer === undefined ? undefined : /^(.+)\.[^.]+$/.exec(leak.name?.name ?? '')?.[1];
  const giveBack = `\`${owner === undefined ? spellRelease(type, leak.name, leak.node, text) : `${owner}.${leak.closer ?? ''}()`}\``;
  const scoped = owner === undefined ? spellScoped(leak.acquisition, leak.name, leak.node, text) : undefined;
  const advice = { type, giveBack, instead: scoped === undefined ? '' : `, or use ${scoped}` };
  if (!leak.kept) {
    const keep = endsByOutcome(type) ? `Keep it in a variable, commit it, and ${undoOnThrow(advice)}` : `Keep it in a variable and ${lastUndo(advice)}`;
    return `The ${type.noun} from ${call} is never ${words.done}: nothing keeps it. ${keep}.`;
  }
  const isNever = leak.extent === 'never';
  const wayOut = isNever && endsByOutcome(type) && leak.wayOut.kind !== 'callback' ? `Commit it, and ${undoOnThrow(advice)}.` : describeWayOut(leak.wayOut, advice);
  // Where a throw comes first, the overwriting is only its consequence.
  if (leak.lost !== undefined && (isNever || cause.kind !== 'throws')) {
    return `${handle} from ${call} is never ${words.done}: ${line(leak.lost)} overwrites it while it is still out. ${wayOut}`;
  }
  if (cause.kind === 'missed') {
    const { emitter, event } = listenerOf(cause.node, text);
    const others = event === 'finish' ? '' : ', or on both `end` and `error`';
    return `${handle} from ${call} is ${words.notDone} if ${emitter} closes without \`${event}\`, which ${line(cause.node)} waits for. ${say(words.finish)} on \`close\`${others} (${giveBack}).`;
  }
  const state = isNever
    ? `is never ${words.done}`
    : `is ${words.notDone} ${describeCause(cause, leak.node, leak.wayOut.kind === 'all settled', leak.unit, text)}`;
  if (leak.prepared !== undefined) {
    const { node, by } = leak.prepared;
    const prepared = excerpt(node, text);
    return `${handle} from ${call} ${state}: \`${prepared}\` on ${line(node)} does nothing without \`.${by}()\`. Execute it (\`await ${prepared}.${by}()\`).`;
  }
  return `${handle} from ${call} ${state}. ${wayOut}`;
}

/** What a way out is described with. */
interface Advice {
  readonly type: TypeRow;
  /** The release as the code would write it. */
  readonly giveBack: string;
  /** ", or use …": the library's form that gives back by itself. */
  readonly instead: string;
}

/** A phrase of `EndingWords` as the beginning of a sentence. */
function say(phrase: string, what = 'it'): string {
  return capitalised(phrase.replace('$', what));
}

/** The end where it is the same on all paths. */
function lastUndo({ type, giveBack, instead }: Advice): string {
  return `${endingWords(type).undo.replace('$', 'it')} in a \`finally\` block (${giveBack})${instead}`;
}

/** The end where something goes wrong. */
function undoOnThrow({ type, giveBack, instead }: Advice): string {
  return `${endingWords(type).undo.replace('$', 'it')} in a \`catch\` block that throws the error again (${giveBack})${instead}`;
}

function describeWayOut(wayOut: WayOut, advice: Advice): string {
  const { type, giveBack } = advice;
  const { undo, finish, act } = endingWords(type);
  switch (wayOut.kind) {
    case 'finally':
      if (endsByOutcome(type)) return `${say(undo)} in a \`finally\` block if it is still open (${giveBack}).`;
      return wayOut.isKept ? `${capitalised(lastUndo(advice))}.` : `Keep it in a variable and ${lastUndo(advice)}.`;
    case 'finally of its own':
      return `Put the ${act} into a \`finally\` block of its own (${giveBack}).`;
    case 'whenever taken':
      return `${say(undo)} there whenever it ${endsByOutcome(type) ? 'is still open' : 'was taken'} (${giveBack}).`;
    case 'before that':
      return `${say(undo)} before that (${giveBack}).`;
    case 'catch':
      if (wayOut.clause !== undefined) return `${say(undo)} in the \`catch\` block on ${line(wayOut.clause)} (${giveBack})${wayOut.isHandedOn ? '' : advice.instead}.`;
      return `${capitalised(undoOnThrow(wayOut.isHandedOn ? { ...advice, instead: '' } : advice))}.`;
    case 'this path':
      return `${say(finish)} there (${giveBack})${wayOut.isHandedOn ? '' : advice.instead}.`;
    case 'callback':
      return wayOut.isHandedOn ? `${say(finish)} on every path that does not hand it on (${giveBack}).` : `${say(finish)} on every path through the callback (${giveBack}).`;
    case 'all settled':
      return `Wait with \`Promise.allSettled\` and ${undo.replace('$', 'each one that came')} (${giveBack}).`;
    case 'late':
      return `Keep its promise in a variable and ${undo.replace('$', 'what comes late')} (${giveBack}).`;
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
  type: TypeRow;
  handle: string;
  first: Node;
  second: Node;
  condition: MisuseCondition | undefined;
  inCallback: boolean;
  text: string;
}): string {
  const { type, condition, text } = misuse;
  const { done, by, act, undo } = endingWords(type);
  const isByOutcome = endsByOutcome(type);
  const second = isByOutcome ? code(misuse.second, text) : `the second ${act}`;
  const consequence = misuse.again === 'throws' ? `${second} throws` : `${second} gives away a connection that somebody else may hold by now`;
  const was = misuse.first === misuse.second ? `${done} by the same call before` : `${isByOutcome ? `${by} ${code(misuse.first, text)}` : done} on ${line(misuse.first)}`;
  return `${misuse.handle} was already ${was}${describeCondition(condition, text)}: ${consequence}. ${wayOut()}`;

  function wayOut(): string {
    if (misuse.inCallback) return `${say(undo)} once, on each path through the callback.`;
    if (!isByOutcome) return `${say(undo)} once, in a \`finally\` block.`;
    // What fails behind the commit is caught by the clause that rolls back.
    const isCommit = /\bcommit\b/i.test(excerpt(misuse.first, text));
    const isBehind = isCommit && condition?.kind === 'throws' && condition.node !== misuse.first && condition.node.range[0] > misuse.first.range[1];
    return isBehind ? `Move ${code(condition.node, text)} behind the \`try\` statement.` : 'Commit it or roll it back once on each path.';
  }
}

/** What a use after the release is reported with. `condition`: what has to happen for it to come after. */
export function describeUseAfterRelease(misuse: {
  type: TypeRow;
  handle: string;
  use: Node;
  first: Node;
  condition: MisuseCondition | undefined;
  text: string;
}): string {
  const { type, handle, use, first, text } = misuse;
  const { done, by, finish } = endingWords(type);
  const consequence = type.useAfterRelease === 'unguarded' ? 'it runs on a connection that somebody else may hold by now' : 'it fails';
  return `${code(use, text)} uses ${handle} ${after()} on ${line(first)}${describeCondition(misuse.condition, text)}: ${consequence}. ${wayOut()}`;

  function after(): string {
    if (type.ending === undefined) return 'after its release';
    return `after it was ${endsByOutcome(type) ? `${by} ${code(first, text)}` : done}`;
  }

  function wayOut(): string {
    if (type.ending === undefined) return 'Move the release behind the last use.';
    return endsByOutcome(type) ? `Move ${code(first, text)} behind the last use.` : `${say(finish)} after the last use.`;
  }
}
