/** What made a path end with the release still owed: the throw, the way out, or the test after which no release could be reached any more. */
import type { OwedExit } from '../analysis/analyse-program.ts';
import type { Graph, Instruction } from '../cfg/graph.ts';
import { leadsTo } from '../cfg/leads-to.ts';
import type { Node } from '../syntax/estree.ts';
import type { Decision, LeakCause } from './finding.ts';
import { decisionOf, dependsOn, isToldAgain, throwerOf, throwingNode, type Move, type Trace } from './trace-history.ts';

/** The cause, and of a throw the move that stands for it. */
export interface Explanation {
  readonly cause: LeakCause;
  readonly thrower: Move | undefined;
}

/** What made the path end with the release of what `acquisition` took still owed. */
export function causeOf(trace: Trace, { exit, discharges }: Pick<OwedExit, 'exit' | 'discharges'>, acquisition: Node): Explanation {
  const held = heldMoves(trace, acquisition);
  const last = held.filter((move) => move.edge === 'thrown').at(-1);
  const turn = turningPoint(held, discharges, acquisition);
  const outrun = held.find((move) => move.outrun !== undefined)?.outrun;
  if (outrun !== undefined) return plain({ kind: 'outrun', node: throwingNode(outrun) });
  if (exit === 'stop') {
    const stop = held.filter((move) => move.edge === 'alternate' && move.instruction.op === 'yield').at(-1);
    if (stop !== undefined) return plain({ kind: 'stop', node: stop.instruction.node, and: decisionBehind(stop, turn, held) });
  }
  if (last !== undefined) {
    if (last.instruction.op === 'using' && exit === 'throw') return plain({ kind: 'not-disposable', node: last.instruction.node });
    const thrower = thrownCause(held, turn) ?? last;
    return { cause: { kind: 'throws', node: throwerOf(thrower), exit, and: decisionBehind(thrower, turn, held) }, thrower };
  }
  const missed = held.filter((move) => move.missed !== undefined).at(-1);
  if (missed?.missed !== undefined && (turn === undefined || held.indexOf(turn) <= held.indexOf(missed))) return plain({ kind: 'missed', node: missed.missed });
  return plain(leavingCause(trace, turn));
}

/** The moves that hold it; where another one is acquired in its place, it is lost already. */
function heldMoves(trace: Trace, acquisition: Node): readonly Move[] {
  const held = trace.moves.filter((move) => move.after.state === 'held' && !isToldAgain(trace, move));
  const again = held.findIndex(({ instruction, before }) => before.state === 'held' && instruction.op === 'call' && instruction.node === acquisition);
  return again < 0 ? held : held.slice(0, again);
}

/** The test that the turn of the path is, where it lies behind `move`. */
function decisionBehind(move: Move, turn: Move | undefined, held: readonly Move[]): Decision | undefined {
  return turn?.graph === move.graph && turn.instruction.op === 'branch' && held.indexOf(turn) > held.indexOf(move) ? decisionOf(turn) : undefined;
}

function plain(cause: LeakCause): Explanation {
  return { cause, thrower: undefined };
}

/** Nothing was thrown: a continuation, or the unit, in which a release could still be reached is left without one. */
function leavingCause(trace: Trace, turn: Move | undefined): LeakCause {
  const graph = turn?.graph ?? trace.graph;
  const isInner = turn !== undefined && graph !== trace.graph;
  const turned = turn === undefined ? -1 : trace.moves.indexOf(turn);
  const returns = trace.moves.filter((move, index) => (!isInner || index >= turned) && move.graph === graph && isReturn(move));
  const decision = turn && decisionOf(turn);
  if (decision !== undefined) {
    // `if (!found) return` is known by its `return`, and so is what comes behind a loop; `if (done) client.release()` by its test.
    const isGuard = returns.some((move) => trace.moves.indexOf(move) >= turned && (isLoopTest(decision) || dependsOn(move.instruction.node, decision.node)));
    if (!isGuard) return { kind: 'branch', ...decision };
  }
  const returned = isInner ? returns[0] : returns.at(-1);
  return returned === undefined ? { kind: 'end', node: graph.unit } : { kind: 'return', node: returned.instruction.node };
}

/** Whether the test decides whether a loop goes on. */
function isLoopTest({ node, test }: Decision): boolean {
  let inner = node;
  while (inner.parent?.type === 'LogicalExpression' || inner.parent?.type === 'UnaryExpression') inner = inner.parent;
  return test === 'loop' || (inner.parent?.type === 'WhileStatement' || inner.parent?.type === 'DoWhileStatement' || inner.parent?.type === 'ForStatement');
}

function isReturn({ instruction }: Move): boolean {
  return instruction.op === 'return' && instruction.node.type === 'ReturnStatement';
}

/**
 * The throw that is to blame: the one that left the last point from which a discharge could be reached, or came after it.
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

/** Whether the node is a `throw` statement, or part of one, in a `catch` block: it passes on what was thrown before. */
export function passesOn(node: Node): boolean {
  let isThrow = false;
  for (let current: Node | undefined = node; current; current = current.parent) {
    if (current.type === 'ThrowStatement') isThrow = true;
    if (current.type === 'CatchClause') return isThrow;
    if (current.type.includes('Function')) return false;
  }
  return false;
}

/** The last move of the path that left a point from which a discharge could still be reached. */
function turningPoint(moves: readonly Move[], discharges: ReadonlySet<Node>, acquisition: Node): Move | undefined {
  return moves.findLast(({ isTold, graph, instruction }) => !isTold && mayCome(graph, instruction, discharges, acquisition));
}

/** From which points of the graphs control may come to a discharge: found once for all paths of a site. */
const ways = new WeakMap<ReadonlySet<Node>, { readonly graph: Graph; readonly acquisition: Node; readonly leads: Uint8Array }[]>();

/** Whether control may come from `instruction` to one of `discharges` (which it may be itself), without the acquisition being made anew. */
function mayCome(graph: Graph, instruction: Instruction, discharges: ReadonlySet<Node>, acquisition: Node): boolean {
  if (discharges.size === 0) return false;
  if (discharges.has(instruction.node)) return true;
  let known = ways.get(discharges);
  if (known === undefined) ways.set(discharges, (known = []));
  let way = known.find((one) => one.graph === graph && one.acquisition === acquisition);
  if (way === undefined) {
    way = { graph, acquisition, leads: leadsTo(graph, graph.instructions.filter(({ node }) => discharges.has(node)), acquisition) };
    known.push(way);
  }
  return way.leads[instruction.id] === 1;
}
