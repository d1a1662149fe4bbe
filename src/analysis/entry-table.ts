/** What was found out of functions, by what they were given. */
import { sameObligation, widenDisjunct, type Disjunct } from '../domain/disjunct.ts';
import type { FunctionNode } from '../syntax/estree.ts';

/**
 * With how many entries that differ in facts alone a function is explored. Calls in calls multiply what each of them keeps apart, so that without a bound the
 * entries of a function deep down grow with the power of the depth.
 */
const ENTRY_BOUND = 32;

/** Results by function and entry. Beyond the bound, the entries with the same obligation are explored as one, their join, which is not exact. */
export class EntryTable<Value> {
  private readonly known = new Map<FunctionNode, Map<string, { readonly entry: Disjunct; readonly value: Value }>>();
  private readonly keyOf: (entry: Disjunct) => string;

  /** `keyOf`: the key of an entry; what has the same key has the same value. */
  constructor(keyOf: (entry: Disjunct) => string) {
    this.keyOf = keyOf;
  }

  /** The value for `callee` with `entry`, or with what is above it; `find` is asked the first time. */
  valueFor(callee: FunctionNode, entry: Disjunct, find: (entry: Disjunct) => Value): Value {
    let known = this.known.get(callee);
    if (known === undefined) {
      known = new Map();
      this.known.set(callee, known);
    }
    const same = known.get(this.keyOf(entry));
    if (same !== undefined) return same.value;
    const explored = widenEntry([...known.values()].map((one) => one.entry), entry);
    const key = this.keyOf(explored);
    const kept = known.get(key);
    if (kept !== undefined) return kept.value;
    const value = find(explored);
    known.set(key, { entry: explored, value });
    return value;
  }
}

/** `entry`, or, where `explored` has as many like it as are kept apart, the join with all of those. */
function widenEntry(explored: readonly Disjunct[], entry: Disjunct): Disjunct {
  if (explored.length < ENTRY_BOUND) return entry;
  const alike = explored.filter((one) => sameObligation(one, entry));
  return alike.length < ENTRY_BOUND ? entry : alike.reduce<Disjunct>(widenDisjunct, { ...entry, exact: false });
}
