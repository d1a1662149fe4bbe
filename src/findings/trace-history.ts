/** Reads the witness path of an arrival: which instructions decided that the resource was still held at the end. */
import type { Graph, Instruction } from '../cfg/graph.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import type { TypeRow } from '../drivers/driver.ts';
import type { SiteOutcome } from '../analysis/analyse-program.ts';
import type { Arrival } from '../analysis/solver.ts';
import { excerpt } from '../syntax/excerpt.ts';
import { isFunctionNode, type CallLike, type Node } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapAwait, unwrapChain } from '../syntax/unwrap-expression.ts';
import type { EndingWords } from './ending-words.ts';
import type { Decision, HistoryStep } from './finding.ts';

/** One move along the path: the instruction that was left, by which edge, and the disjuncts before and after. */
export interface Move {
  readonly instruction: Instruction;
  /** The graph of the instruction: of the unit, or of a continuation that the path went through. */
  readonly graph: Graph;
  readonly edge: Arrival<Disjunct>['edge'];
  readonly before: Disjunct;
  readonly after: Disjunct;
  /** Where it leads, where the move is one of the unit itself and not of a continuation. */
  readonly arrival: Arrival<Disjunct> | undefined;
  /** The promise that was rejected: then the move stands for the rejection. */
  readonly rejected: Node | undefined;
  /** The promise that was faster, where the resource was lost to it. */
  readonly outrun: Node | undefined;
  /** Whether the moves before this one tell what the call did. */
  readonly isTold: boolean;
  /** Whether they tell that its promise was rejected. */
  readonly tellsRejection: boolean;
  /** The registration of a listener that did not run: the move stands for that. */
  readonly missed: CallLike | undefined;
}

export interface Trace {
  readonly moves: readonly Move[];
  /** The instruction that the path leads to. */
  readonly end: number;
  readonly graph: Graph;
}

/** The path that led to `arrival`, first move first. */
export function traceOf(arrival: Arrival<Disjunct>, graph: Graph, insideOf: SiteOutcome['insideOf']): Trace {
  const moves: Move[] = [];
  collectMoves(arrival, graph, insideOf, moves, true);
  return { moves: moves.reverse(), end: arrival.at, graph };
}

/** Adds the moves to `arrival`, the last one first; where the path went through a continuation, the moves in there. */
function collectMoves(arrival: Arrival<Disjunct>, graph: Graph, insideOf: SiteOutcome['insideOf'], moves: Move[], isOuter = false): void {
  for (let current = arrival; current.from !== undefined; current = current.from) {
    const { from, edge, state: after } = current;
    const instruction = graph.instructions[from.at]!;
    const inside = after === from.state ? undefined : insideOf(after);
    const move = {
      instruction, graph, edge, before: from.state, after, arrival: undefined, rejected: undefined, outrun: undefined, missed: inside?.missed, isTold: false, tellsRejection: false,
    };
    moves.push({ ...move, arrival: isOuter ? current : undefined, isTold: inside !== undefined && inside.missed === undefined, tellsRejection: inside?.isRejected === true });
    if (inside === undefined) continue;
    const exit = inside.arrival?.from;
    if (inside.arrival !== undefined && inside.graph !== undefined) {
      if (inside.returnsRejection === true && exit !== undefined) {
        const returned = inside.graph.instructions[exit.at]!;
        moves.push({ ...move, instruction: returned, graph: inside.graph, edge: 'thrown', rejected: returned.node });
      }
      collectMoves(inside.arrival, inside.graph, insideOf, moves);
    }
    if (inside.outrun !== undefined) moves.push({ ...move, outrun: inside.outrun });
    if (inside.rejected !== undefined) moves.push({ ...move, edge: 'thrown', rejected: inside.rejected });
  }
}

/** What a thrown edge stands for in a message: below `await`, the call. */
export function throwingNode(node: Node): Node {
  if (node.type === 'ReturnStatement') return node.argument ? unwrapAwait(node.argument) : node;
  if (node.type !== 'AwaitExpression') return node;
  const awaited = unwrapAwait(node);
  // `await ready` says more than `ready`.
  return awaited.type === 'Identifier' || awaited.type === 'MemberExpression' ? node : awaited;
}

/** The call, await or statement that throws, or the promise that is rejected. */
export function throwerOf(move: Move): Node {
  return throwingNode(move.rejected ?? move.instruction.node);
}

/** The test that the move decides, and how. */
export function decisionOf({ instruction, edge }: Move): Decision | undefined {
  if (edge !== 'next' && edge !== 'alternate') return undefined;
  const outcome = edge === 'next';
  if (instruction.op === 'iterate') return { node: instruction.node, test: 'loop', outcome };
  if (instruction.op !== 'branch') return undefined;
  if (instruction.kind === 'equal') return { node: instruction.operand ?? instruction.value.expression, test: 'case', outcome };
  return { node: instruction.value.expression, test: instruction.kind, outcome };
}

/** Whether `test` stands in the test of a statement or expression that decides whether control comes to `node`, which stands in it too. */
export function dependsOn(node: Node, test: Node): boolean {
  for (let inner = node; inner.parent && !isFunctionNode(inner); inner = inner.parent) {
    const { parent }: Node = inner;
    if (parent.type === 'SwitchStatement' && parent.cases.some((clause) => clause.test !== null && contains(clause.test, test))) return true;
    const tested = parent.type === 'IfStatement' || parent.type === 'ConditionalExpression' ? parent.test : parent.type === 'LogicalExpression' ? parent.left : undefined;
    if (tested !== undefined && tested !== inner && contains(tested, test)) return true;
  }
  return false;
}

function contains(outer: Node, inner: Node): boolean {
  return outer.range[0] <= inner.range[0] && outer.range[1] >= inner.range[1];
}

/** Whether the move is the await of a promise whose rejection the moves before tell. */
export function isToldAgain(trace: Trace, move: Move): boolean {
  if (move.edge !== 'thrown' || move.instruction.op !== 'await') return false;
  const awaited = unwrapAwait(move.instruction.node);
  const isTold = trace.moves.some((one) => one.tellsRejection && one.instruction.node === awaited && one.graph === move.graph);
  // A timer that rejects throws nothing: then the await is the first to tell.
  return isTold && trace.moves.slice(0, trace.moves.indexOf(move)).some((one) => one.edge === 'thrown' || one.outrun !== undefined);
}

/** Where the last place that held the resource was lost while the release was owed: a statement, or an assignment. */
export function lostAt(trace: Trace): Node | undefined {
  return lossOn(trace)?.instruction.node;
}

function lossOn(trace: Trace): Move | undefined {
  const move = trace.moves.find((one) => one.before.state === 'held' && one.before.aliases.length > 0 && one.after.aliases.length === 0);
  return move?.edge !== 'thrown' && move?.instruction.op === 'assign' ? move : undefined;
}

/** Whether the resource was never kept in a variable. */
export function isNeverKept(trace: Trace): boolean {
  return !trace.moves.some((move) => move.after.aliases.some((alias) => !('type' in alias.root) && !('unit' in alias.root)));
}

/** Whether the path begins in the callback that was given the resource. */
export function beginsInCallback({ moves, graph }: Trace): boolean {
  const [first] = moves;
  return first?.graph === graph && first.instruction.op === 'entry' && !isAsync(graph.unit);
}

/**
 * Whether the release belongs into a callback: `cause` lies in one, or the path led through one in a function that waits for nothing. No `finally` block
 * spans several callbacks.
 */
export function isInCallback({ moves, graph }: Trace, cause: Node): boolean {
  const { unit } = graph;
  if (!isAsync(unit) && moves.some((move) => move.graph !== graph && isCallback(move.graph.unit))) return true;
  for (let node: Node | undefined = cause; node; node = node.parent) {
    if (node === unit) return !isAsync(unit) && isCallback(unit);
    if (isCallback(node)) return true;
  }
  return false;
}

function isAsync(unit: Node): boolean {
  return 'async' in unit && unit.async;
}

/** Reactions of promises, and methods of lists, which run their function at once. */
const NO_CALLBACK = /^(?:then|catch|finally|forEach|map|flatMap|filter|some|every|find|findIndex|findLast|findLastIndex|reduce|reduceRight)$/;

/** Whether the function is handed to a call that runs it later, by itself. */
function isCallback(node: Node): boolean {
  const call = node.parent;
  return isFunctionNode(node) && call?.type === 'CallExpression' && call.callee !== node && !(call.callee.type === 'MemberExpression' && NO_CALLBACK.test(staticMemberName(call.callee) ?? ''));
}

/** The release that the rest of the path comes after: the first one, or the first of the code itself where that one happens later. */
export function releaseOn({ moves }: Trace): Move | undefined {
  return moves.findLast((move) => isRelease(move) && move.before.state === 'scheduled') ?? moves.find(isRelease);
}

/** Whether the resource was given back in this step, or is going to be from it on. */
function isRelease({ before, after }: Move): boolean {
  if (after.state === 'scheduled') return before.state === 'held' || before.state === 'given';
  return (after.state === 'released' || after.state === 'destroyed') && before.state !== 'released' && before.state !== 'destroyed';
}

/** A call that gives a command which nobody runs: `trx.rollback()` of Kysely. */
export interface Prepared {
  readonly node: Node;
  /** The method that runs it. */
  readonly by: string;
}

/** The last call on the path that only prepares the end of a resource of this type. */
export function preparedOn({ moves }: Trace, type: TypeRow): Prepared | undefined {
  for (const { instruction, edge, after } of moves.toReversed()) {
    const { node } = instruction;
    const callee = instruction.op === 'call' && edge === 'next' && node.type === 'CallExpression' ? unwrapChain(node.callee) : undefined;
    const name = callee?.type === 'MemberExpression' ? staticMemberName(callee) : undefined;
    const row = Object.entries(type.members).find(([member]) => member === name)?.[1];
    if (row?.effect === 'prepares' && after.aliases.some((alias) => alias.root === node)) return { node, by: row.by };
  }
  return undefined;
}

/** The path in steps that a person can follow. `words`: how the end of the resource is called. `decisive`: the test that the message names. A `last` step without a node is the exit: it stands where control leaves the function. */
export function historyOf(trace: Trace, acquisition: Node, words: EndingWords, text: string, last: Omit<HistoryStep, 'node'> & { readonly node: Node | undefined }, decisive?: Node): HistoryStep[] {
  const loss = lossOn(trace);
  const steps: HistoryStep[] = [{ event: 'acquired', node: acquisition, text: `acquired by ${excerpt(acquisition, text)}` }];
  for (const [index, move] of trace.moves.entries()) {
    if (move.before.state !== 'held' && move.after.state !== 'held' && move.before.state !== 'released' && !isRelease(move)) continue;
    if (move.isTold || isToldAgain(trace, move)) continue;
    if (move.edge === 'thrown') {
      const node = throwerOf(move);
      if (move.instruction.op !== 'throw' || steps.at(-1)?.event !== 'throws') {
        steps.push({ event: 'throws', node, text: move.rejected === undefined ? throwText(move.instruction, text) : `${excerpt(node, text)} throws` });
      }
    } else if (move.outrun !== undefined) {
      const node = throwingNode(move.outrun);
      steps.push({ event: 'lost', node, text: `${excerpt(node, text)} is faster` });
    } else if (isRelease(move)) {
      steps.push({ event: 'released', node: move.instruction.node, text: `${words.by} ${excerpt(move.instruction.node, text)}` });
    } else if (move.instruction.op === 'return' && move.instruction.node.type === 'ReturnStatement' && trace.moves[index + 1]?.instruction !== move.instruction) {
      steps.push({ event: 'returns', node: move.instruction.node, text: 'return' });
    } else if (decisive !== undefined && decisionOf(move)?.node === decisive) {
      steps.push({ event: 'tested', node: decisive, text: decisionText(decisionOf(move)!, text) });
    } else if (move.missed !== undefined) {
      steps.push({ event: 'missed', node: move.missed, text: 'the event does not come' });
    } else if (move === loss) {
      steps.push({ event: 'lost', node: move.instruction.node, text: 'overwritten' });
    }
  }
  steps.push({ ...last, node: last.node ?? leftAt(trace, steps.at(-1)!) });
  return steps;
}

/** Where control leaves: at the step before, when that returned or threw out of the function, else at the end of the function. */
function leftAt(trace: Trace, before: HistoryStep): Node {
  return before.event === 'returns' || trace.end === trace.graph.exits.throw ? before.node : trace.graph.unit;
}

/** How the test comes out, in words. */
function decisionText({ node, test, outcome }: Decision, text: string): string {
  if (test === 'loop') return outcome ? 'the loop goes on' : 'the loop is done';
  const value = excerpt(node, text);
  if (test === 'case') return `case ${value} is ${outcome ? 'taken' : 'not taken'}`;
  return test === 'truthy' ? `${value} is ${outcome ? 'true' : 'false'}` : `${value} is ${outcome ? '' : 'not '}${test === 'nullish' ? 'null or undefined' : 'undefined'}`;
}

/** What throws, in words. */
function throwText(instruction: Instruction, text: string): string {
  switch (instruction.op) {
    case 'throw':
      return 'throw';
    case 'using':
      return 'the declaration finds no dispose method and throws';
    case 'dispose':
      return `leaving the scope of ${excerpt(instruction.target, text)} throws`;
    case 'iterate':
      return 'right' in instruction.node ? `the loop over ${excerpt(instruction.node.right, text)} throws` : 'the iteration throws';
    default:
      return `${excerpt(throwingNode(instruction.node), text)} throws`;
  }
}
