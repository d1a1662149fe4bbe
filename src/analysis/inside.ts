/**
 * What happened inside a continuation, for the history of a finding: a disjunct that comes out of one remembers the path that led through it.
 * Kept beside the disjuncts, because it says nothing about the execution, only how we came to know of it.
 */
import type { Graph } from '../cfg/graph.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import type { CallLike, Node } from '../syntax/estree.ts';
import type { Arrival } from './solver.ts';

/** How a disjunct came out of the promise or the callback that it went through. */
export interface Inside {
  /** The promise that was rejected first, where this is what we followed. */
  readonly rejected?: Node | undefined;
  /** The promise that was settled before that of the resource. */
  readonly outrun?: Node | undefined;
  /** The exit of the continuation that it left by, and the graph of that. */
  readonly arrival?: Arrival<Disjunct> | undefined;
  readonly graph?: Graph | undefined;
  /** Whether the promise that the call gives is rejected. */
  readonly isRejected?: boolean;
  /** Whether it is what the continuation returned that was rejected. */
  readonly returnsRejection?: boolean;
  /** The registration of a listener that did not run. */
  readonly missed?: CallLike | undefined;
}

const insides = new WeakMap<Disjunct, Inside>();

/** `disjunct` as an object of its own that remembers `inside`, and nothing of the steps before. */
export function noteInside(disjunct: Disjunct, inside: Inside): Disjunct {
  const noted = { ...disjunct };
  insides.set(noted, inside);
  return noted;
}

/** `changed`, which was made of `disjunct` in one step, with what `disjunct` remembers. */
export function keepInside(disjunct: Disjunct, changed: Disjunct): Disjunct {
  const inside = insides.get(disjunct);
  return inside === undefined ? changed : noteInside(changed, inside);
}

/** `changed`, in which the promise of the call is rejected, with what `disjunct` remembers. */
export function keepRejected(disjunct: Disjunct, changed: Disjunct): Disjunct {
  return noteInside(changed, { ...insides.get(disjunct), isRejected: true });
}

/** What `disjunct` came through in the step that made it. */
export function insideOf(disjunct: Disjunct): Inside | undefined {
  return insides.get(disjunct);
}
