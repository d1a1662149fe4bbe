/** Reads the witness path of an arrival: which instructions decided that the resource was still held at the end. */
import type { Graph, Instruction } from '../cfg/graph.ts';
import { leadsTo } from '../cfg/leads-to.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import type { OwedExit, SiteOutcome } from '../analysis/analyse-program.ts';
import type { Arrival } from '../analysis/solver.ts';
import { excerpt } from '../syntax/excerpt.ts';
import { isFunctionNode, type CallLike, type Node } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapAwait } from '../syntax/unwrap-expression.ts';
import type { HistoryStep, LeakCause } from './finding.ts';

/** One move along the path: the instruction that was left, by which edge, and the disjuncts before and after. */
interface Move {
  readonly instruction: Instruction;
  /** The graph of the instruction: of the unit, or of a continuation that the path went through. */
  readonly graph: Graph;
  readonly edge: Arrival<Disjunct>['edge'];
  readonly before: Disjunct;
  readonly after: Disjunct;
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
  collectMoves(arrival, graph, insideOf, moves);
  return { moves: moves.reverse(), end: arrival.at, graph };
}

/** Adds the moves to `arrival`, the last one first; where the path went through a continuation, the moves in there. */
function collectMoves(arrival: Arrival<Disjunct>, graph: Graph, insideOf: SiteOutcome['insideOf'], moves: Move[]): void {
  for (let current = arrival; current.from !== undefined; current = current.from) {
    const { from, edge, state: after } = current;
    const instruction = graph.instructions[from.at]!;
    const inside = after === from.state ? undefined : insideOf(after);
    const move = {
      instruction, graph, edge, before: from.state, after, rejected: undefined, outrun: undefined, missed: inside?.missed, isTold: false, tellsRejection: false,
    };
    moves.push({ ...move, isTold: inside !== undefined && inside.missed === undefined, tellsRejection: inside?.isRejected === true });
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

/** What made the path end with the release still owed. `ways` is shared by the exits of one site. */
export function causeOf(trace: Trace, { exit, releases }: Pick<OwedExit, 'exit' | 'releases'>, ways: ReleaseWays): LeakCause {
  const held = trace.moves.filter((move) => move.after.state === 'held' && !isToldAgain(trace, move));
  const last = held.filter((move) => move.edge === 'thrown').at(-1);
  const turn = held.findLast((move) => !move.isTold && ways.mayCome(move.graph, move.instruction, releases, trace.moves[0]?.instruction.node));
  const outrun = held.find((move) => move.outrun !== undefined)?.outrun;
  if (outrun !== undefined) return { kind: 'outrun', node: throwingNode(outrun) };
  if (exit === 'stop') {
    const stop = held.filter((move) => move.edge === 'alternate' && move.instruction.op === 'yield').at(-1);
    if (stop !== undefined) return { kind: 'stop', node: stop.instruction.node };
  }
  if (last !== undefined) {
    if (last.instruction.op === 'using' && exit === 'throw') return { kind: 'not-disposable', node: last.instruction.node };
    return { kind: 'throws', node: throwerOf(thrownCause(held, turn) ?? last), exit };
  }
  const missed = held.filter((move) => move.missed !== undefined).at(-1);
  if (missed?.missed !== undefined && (turn === undefined || held.indexOf(turn) <= held.indexOf(missed))) return { kind: 'missed', node: missed.missed };
  // A continuation in which a release could still be reached is left without one.
  const graph = turn?.graph ?? trace.graph;
  const from = turn === undefined || graph === trace.graph ? 0 : trace.moves.indexOf(turn);
  const returns = trace.moves.slice(from).filter((move) => move.graph === graph && move.instruction.op === 'return');
  const returned = graph === trace.graph ? returns.at(-1) : returns[0];
  if (returned !== undefined && returned.instruction.node.type === 'ReturnStatement') return { kind: 'return', node: returned.instruction.node };
  return { kind: 'end', node: graph.unit };
}

/** The call, await or statement that throws, or the promise that is rejected. */
function throwerOf(move: Move): Node {
  return throwingNode(move.rejected ?? move.instruction.node);
}

/** Whether the move is the await of a promise whose rejection the moves before tell. */
function isToldAgain(trace: Trace, move: Move): boolean {
  if (move.edge !== 'thrown' || move.instruction.op !== 'await') return false;
  const awaited = unwrapAwait(move.instruction.node);
  const isTold = trace.moves.some((one) => one.tellsRejection && one.instruction.node === awaited && one.graph === move.graph);
  // A timer that rejects throws nothing: then the await is the first to tell.
  return isTold && trace.moves.slice(0, trace.moves.indexOf(move)).some((one) => one.edge === 'thrown' || one.outrun !== undefined);
}

/**
 * The throw that is to blame: the one that left the last point from which a release could be reached, or came after it.
 * A handler that only passes on what it caught (`catch (error) { throw new NotFound(error) }`) is not.
 */
function thrownCause(held: readonly Move[], turn: Move | undefined): Move | undefined {
  const isThrown = (move: Move): boolean => move.edge === 'thrown';
  if (turn === undefined) return held.filter((move) => isThrown(move) && !passesOn(move.instruction.node)).at(-1);
  if (isThrown(turn)) return turn;
  const at = held.indexOf(turn);
  const after = held.slice(at).find(isThrown);
  return after !== undefined && !passesOn(after.instruction.node) ? after : held.slice(0, at).filter(isThrown).at(-1);
}

/** Whether the node is a `throw` statement, or part of one, in a `catch` block. */
function passesOn(node: Node): boolean {
  let isThrow = false;
  for (let current: Node | undefined = node; current; current = current.parent) {
    if (current.type === 'ThrowStatement') isThrow = true;
    if (current.type === 'CatchClause') return isThrow;
    if (current.type.includes('Function')) return false;
  }
  return false;
}

/** From which points of the graphs control may come to a release: found once for all paths of a site. */
export class ReleaseWays {
  private readonly known: { readonly graph: Graph; readonly releases: ReadonlySet<Node>; readonly acquisition: Node | undefined; readonly leads: Uint8Array }[] = [];

  /** Whether control may come from `instruction` to one of `releases` (which it may be itself), without the acquisition being made anew. */
  mayCome(graph: Graph, instruction: Instruction, releases: ReadonlySet<Node>, acquisition: Node | undefined): boolean {
    if (releases.size === 0) return false;
    if (releases.has(instruction.node)) return true;
    let known = this.known.find((one) => one.graph === graph && one.releases === releases && one.acquisition === acquisition);
    if (known === undefined) {
      const targets = graph.instructions.filter(({ node }) => releases.has(node));
      known = { graph, releases, acquisition, leads: leadsTo(graph, targets, acquisition) };
      this.known.push(known);
    }
    return known.leads[instruction.id] === 1;
  }
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

/** The first release on the path. */
export function releaseOn(trace: Trace): Node | undefined {
  return trace.moves.find((move) => move.before.state === 'held' && move.after.state !== 'held')?.instruction.node;
}

/** The path in steps that a person can follow. A `last` step without a node is the exit: it stands where control leaves the function. */
export function historyOf(trace: Trace, acquisition: Node, text: string, last: Omit<HistoryStep, 'node'> & { readonly node: Node | undefined }): HistoryStep[] {
  const loss = lossOn(trace);
  const steps: HistoryStep[] = [{ event: 'acquired', node: acquisition, text: `acquired by ${excerpt(acquisition, text)}` }];
  for (const [index, move] of trace.moves.entries()) {
    if (move.before.state !== 'held' && move.after.state !== 'held' && move.before.state !== 'released') continue;
    if (move.isTold || isToldAgain(trace, move)) continue;
    if (move.edge === 'thrown') {
      const node = throwerOf(move);
      if (move.instruction.op !== 'throw' || steps.at(-1)?.event !== 'throws') {
        steps.push({ event: 'throws', node, text: move.rejected === undefined ? throwText(move.instruction, text) : `${excerpt(node, text)} throws` });
      }
    } else if (move.outrun !== undefined) {
      const node = throwingNode(move.outrun);
      steps.push({ event: 'lost', node, text: `${excerpt(node, text)} is faster` });
    } else if (move.before.state === 'held' && move.after.state !== 'held') {
      steps.push({ event: 'released', node: move.instruction.node, text: `released by ${excerpt(move.instruction.node, text)}` });
    } else if (move.instruction.op === 'return' && move.instruction.node.type === 'ReturnStatement' && trace.moves[index + 1]?.instruction !== move.instruction) {
      steps.push({ event: 'returns', node: move.instruction.node, text: 'return' });
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
