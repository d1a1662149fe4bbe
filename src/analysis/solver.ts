/**
 * A worklist solver over any graph and any domain of disjuncts. It knows `admit` (leq and widen in one), and successors; nothing of JavaScript.
 *
 * Disjuncts are followed one by one, breadth first, so the first way that a disjunct reaches a point is a shortest one:
 * the chain of `from` is its witness path. Transfer works on single disjuncts, so following only what is new loses nothing.
 *
 * What no witness is asked of (a join of many disjuncts) waits until all others were followed, and is then followed from the first point of the
 * graph on: what comes to a point in several steps, each above the last, goes on from there once.
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
  /** Whether nobody will ask for the witness of `state`, so that it may wait. */
  readonly waits: (state: State) => boolean;
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
  /** What was thrown to it and said nothing new. */
  merged: Arrival<State>[] | undefined;
}

/** The fixpoint: what arrived at each point. */
export class Solution<State> {
  /** By point; a hole where nothing came. */
  private readonly points: readonly (Point<State> | undefined)[];

  constructor(points: readonly (Point<State> | undefined)[] = NOTHING) {
    this.points = points;
  }

  /** The points that were reached. */
  get reached(): number[] {
    return Object.keys(this.points).map(Number);
  }

  /** The arrivals at a point. */
  at(point: number): readonly Arrival<State>[] {
    return this.points[point]?.arrivals ?? NOTHING;
  }

  /** The other throws that lead to a point with what an arrival there says already: any of them would be a witness as good as the first. */
  mergedAt(point: number): readonly Arrival<State>[] {
    return this.points[point]?.merged ?? NOTHING;
  }
}

/**
 * Runs the problem to its fixpoint.
 * Throws an invariant that names the problem when the domain does not come to rest.
 */
export function solve<State>(problem: Problem<State>): Solution<State> {
  const points: (Point<State> | undefined)[] = [];
  const queue: Arrival<State>[] = [];
  // Few problems have any.
  let waiting: Map<number, Arrival<State>[]> | undefined;
  let from: Arrival<State> | undefined;
  const send = (edge: Edge, at: number, state: State): void => {
    if (at < 0) return;
    const point = points[at];
    const admitted = problem.admit(point === undefined ? NOTHING : point.states, state);
    if (admitted === undefined) {
      if (edge === 'thrown') (point!.merged ??= []).push({ at, state, from, edge });
      return;
    }
    const arrival = { at, state: admitted, from, edge };
    if (!problem.waits(admitted)) queue.push(arrival);
    else if ((waiting ??= new Map<number, Arrival<State>[]>()).get(at)?.push(arrival) === undefined) waiting.set(at, [arrival]);
    if (point === undefined) {
      points[at] = { states: [admitted], arrivals: [arrival], merged: undefined };
    } else {
      point.states.push(admitted);
      point.arrivals.push(arrival);
    }
  };
  const cap = STEPS_PER_POINT * (problem.points + 1);
  let steps = 0;
  const follow = (arrival: Arrival<State>): void => {
    if (++steps > cap) throw new Error(`connection-leaks: no fixpoint in ${problem.name} after ${String(cap)} steps`);
    from = arrival;
    problem.step(arrival, send);
  };
  let followed = 0;
  const followQueue = (): void => {
    while (followed < queue.length) follow(queue[followed++]!);
  };
  for (const start of problem.starts) send('start', start.at, start.state);
  followQueue();
  while (waiting !== undefined && waiting.size > 0) {
    for (let at = 0; at < problem.points && waiting.size > 0; at++) {
      const arrivals = waiting.get(at);
      if (arrivals === undefined) continue;
      waiting.delete(at);
      // One that lies below a later one has nothing of its own to say.
      const states = arrivals.map(({ state }) => state);
      arrivals.forEach((arrival, index) => {
        if (problem.admit(states.slice(index + 1), arrival.state) !== undefined) follow(arrival);
      });
      followQueue();
    }
  }
  return new Solution(points);
}
