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

/**
 * Runs the problem to its fixpoint and gives the arrivals at each point that was reached.
 * Throws an invariant that names the problem when the domain does not come to rest.
 */
export function solve<State>(problem: Problem<State>): Map<number, Arrival<State>[]> {
  const arrivals = new Map<number, Arrival<State>[]>();
  const known = new Map<number, State[]>();
  const queue: Arrival<State>[] = [];
  const send = (from: Arrival<State> | undefined, edge: Edge, at: number, state: State): void => {
    if (at < 0) return;
    const states = known.get(at);
    const admitted = problem.admit(states ?? NOTHING, state);
    if (admitted === undefined) return;
    const arrival = { at, state: admitted, from, edge };
    queue.push(arrival);
    if (states === undefined) {
      known.set(at, [admitted]);
      arrivals.set(at, [arrival]);
    } else {
      states.push(admitted);
      arrivals.get(at)!.push(arrival);
    }
  };
  for (const start of problem.starts) send(undefined, 'start', start.at, start.state);
  const cap = STEPS_PER_POINT * (problem.points + 1);
  for (let index = 0; index < queue.length; index++) {
    if (index > cap) throw new Error(`connection-leaks: no fixpoint in ${problem.name} after ${String(cap)} steps`);
    const arrival = queue[index]!;
    problem.step(arrival, (edge, at, state) => {
      send(arrival, edge, at, state);
    });
  }
  return arrivals;
}
