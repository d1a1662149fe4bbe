/**
 * A worklist solver over any graph and any domain of disjuncts. It knows `admit` (leq and widen in one), and successors; nothing of JavaScript.
 *
 * Disjuncts are followed one by one, breadth first, so the first way that a disjunct reaches a point is a shortest one:
 * the chain of `from` is its witness path. Transfer works on single disjuncts, so following only what is new loses nothing.
 */

/** A disjunct at a point, and how it came there. */
export interface Arrival<State> {
  readonly at: number;
  readonly state: State;
  readonly from: Arrival<State> | undefined;
  /** Which edge of the previous point led here. */
  readonly edge: Edge;
}

export type Edge = 'start' | 'next' | 'alternate' | 'thrown' | 'dispatch';

export interface Problem<State> {
  /** Name of what is solved, for the invariant. */
  readonly name: string;
  readonly points: number;
  readonly starts: readonly { readonly at: number; readonly state: State }[];
  /** What of `state` is new at a point that has seen `known`; undefined: nothing. */
  readonly admit: (known: readonly State[], state: State) => State | undefined;
  /** Sends what comes after `arrival` to its successors. */
  readonly step: (arrival: Arrival<State>, send: (edge: Edge, at: number, state: State) => void) => void;
}

/** Steps per point beyond which something is wrong: the bound on disjuncts keeps a sound domain far below. */
const STEPS_PER_POINT = 20_000;

const NOTHING: readonly never[] = [];

/** What came to a point: the disjuncts, and how each of them did. */
interface Point<State> {
  readonly states: State[];
  readonly arrivals: Arrival<State>[];
}

/** The fixpoint: what arrived at each point. */
export class Solution<State> {
  private readonly points: ReadonlyMap<number, Point<State>>;

  constructor(points: ReadonlyMap<number, Point<State>> = new Map()) {
    this.points = points;
  }

  /** The points that were reached. */
  get reached(): number[] {
    return [...this.points.keys()];
  }

  /** The arrivals at a point. */
  at(point: number): readonly Arrival<State>[] {
    return this.points.get(point)?.arrivals ?? NOTHING;
  }
}

/**
 * Runs the problem to its fixpoint.
 * Throws an invariant that names the problem when the domain does not come to rest.
 */
export function solve<State>(problem: Problem<State>): Solution<State> {
  const points = new Map<number, Point<State>>();
  const queue: Arrival<State>[] = [];
  let from: Arrival<State> | undefined;
  const send = (edge: Edge, at: number, state: State): void => {
    if (at < 0) return;
    const point = points.get(at);
    const admitted = problem.admit(point === undefined ? NOTHING : point.states, state);
    if (admitted === undefined) return;
    const arrival = { at, state: admitted, from, edge };
    queue.push(arrival);
    if (point === undefined) {
      points.set(at, { states: [admitted], arrivals: [arrival] });
    } else {
      point.states.push(admitted);
      point.arrivals.push(arrival);
    }
  };
  for (const start of problem.starts) send('start', start.at, start.state);
  const cap = STEPS_PER_POINT * (problem.points + 1);
  for (let index = 0; index < queue.length; index++) {
    if (index > cap) throw new Error(`connection-leaks: no fixpoint in ${problem.name} after ${String(cap)} steps`);
    from = queue[index]!;
    problem.step(from, send);
  }
  return new Solution(points);
}
