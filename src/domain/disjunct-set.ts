/**
 * The lattice of the analysis: sets of disjuncts in which none lies below another (an antichain).
 * `join` is union and is unbounded; the bound is `widen`, which joins the facts of disjuncts with the same obligation.
 * The laws are tested as properties (Midtgaard & Møller, "QuickChecking static analysis properties").
 */
import { leqDisjunct, sameObligation, widenDisjunct, type Disjunct } from './disjunct.ts';

export type DisjunctSet = readonly Disjunct[];

/** How many disjuncts with the same obligation a point of the graph keeps apart. */
export const DISJUNCT_BOUND = 32;

/** Whether every disjunct of `left` lies below one of `right`. */
export function leqSet(left: DisjunctSet, right: DisjunctSet): boolean {
  return left.every((one) => right.some((other) => leqDisjunct(one, other)));
}

/** `set` with `disjunct` added; the same set when it says nothing new. What lies below the new one goes. */
export function addDisjunct(set: DisjunctSet, disjunct: Disjunct): DisjunctSet {
  if (set.some((known) => leqDisjunct(disjunct, known))) return set;
  return [...set.filter((known) => !leqDisjunct(known, disjunct)), disjunct];
}

/** The least set above both. */
export function joinSets(left: DisjunctSet, right: DisjunctSet): DisjunctSet {
  return right.reduce(addDisjunct, left);
}

/**
 * What `disjunct` adds to a point that has seen `known`: the disjunct itself, or, beyond `bound` disjuncts of the same obligation,
 * their join (not exact). Undefined when it adds nothing. Joining can only widen facts, and there are finitely many facts,
 * so a point admits finitely many disjuncts.
 */
export function admitDisjunct(known: DisjunctSet, disjunct: Disjunct, bound: number = DISJUNCT_BOUND): Disjunct | undefined {
  let alike = 0;
  let last: Disjunct | undefined;
  // From the last one on: beyond the bound it is above the others, and most that comes lies below it.
  for (let index = known.length - 1; index >= 0; index--) {
    const other = known[index]!;
    if (!sameObligation(other, disjunct)) continue;
    if (leqDisjunct(disjunct, other)) return undefined;
    last ??= other;
    alike++;
  }
  if (alike < bound) return disjunct;
  if (alike > bound && last !== undefined) return widenDisjunct(disjunct, last);
  // Joined with all of them at once: the next one that comes rarely says more, so the point comes to rest soon.
  let widened: Disjunct = { ...disjunct, exact: false };
  for (const other of known) if (sameObligation(other, disjunct)) widened = widenDisjunct(widened, other);
  return widened;
}

/** A set above `set` in which at most `bound` disjuncts of an obligation are kept apart. */
export function widenSet(set: DisjunctSet, bound: number = DISJUNCT_BOUND): DisjunctSet {
  return set.reduce<DisjunctSet>((result, disjunct) => {
    const admitted = admitDisjunct(result, disjunct, bound);
    return admitted === undefined ? result : addDisjunct(result, admitted);
  }, []);
}
