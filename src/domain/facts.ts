/**
 * Facts: for some keys, what classes of value are possible. Immutable, sorted by key, and flat: `[key, mask, key, mask, …]`.
 * A key that is missing says nothing (ALL). Few facts live at a time, so a flat array beats any tree.
 */
import { ALL, type ValueMask } from './value-mask.ts';

export type Facts = readonly number[];

export const NO_FACTS: Facts = [];

/** What is known of `key`. */
export function factOf(facts: Facts, key: number): ValueMask {
  for (let index = 0; index < facts.length; index += 2) {
    if (facts[index] === key) return facts[index + 1]!;
  }
  return ALL;
}

/** `facts` with the fact about `key` replaced; ALL takes it out. */
export function withFact(facts: Facts, key: number, mask: ValueMask): Facts {
  let index = 0;
  while (index < facts.length && facts[index]! < key) index += 2;
  const known = index < facts.length && facts[index] === key;
  if (known ? facts[index + 1] === mask : mask === ALL) return facts;
  const rest = facts.slice(known ? index + 2 : index);
  return mask === ALL ? [...facts.slice(0, index), ...rest] : [...facts.slice(0, index), key, mask, ...rest];
}

/** The facts whose key passes `keep`; the same array when all do. */
export function filterFacts(facts: Facts, keep: (key: number) => boolean): Facts {
  let result: number[] | undefined;
  for (let index = 0; index < facts.length; index += 2) {
    const key = facts[index]!;
    if (keep(key)) result?.push(key, facts[index + 1]!);
    else result ??= facts.slice(0, index);
  }
  return result ?? facts;
}

/** Whether `left` says at least what `right` says: the executions of `left` are among those of `right`. */
export function leqFacts(left: Facts, right: Facts): boolean {
  // What `right` says something of, `left` must say something of too.
  if (right.length > left.length) return false;
  let at = 0;
  for (let index = 0; index < right.length; index += 2) {
    const key = right[index]!;
    while (at < left.length && left[at]! < key) at += 2;
    if (at >= left.length || left[at] !== key || (left[at + 1]! & ~right[index + 1]!) !== 0) return false;
  }
  return true;
}

/** What both say: the least facts above both. */
export function joinFacts(left: Facts, right: Facts): Facts {
  const joined: number[] = [];
  let at = 0;
  for (let index = 0; index < left.length; index += 2) {
    const key = left[index]!;
    while (at < right.length && right[at]! < key) at += 2;
    // A key that only one of them has: the other says nothing of it.
    if (at >= right.length || right[at] !== key) continue;
    const mask = left[index + 1]! | right[at + 1]!;
    if ((mask & ALL) !== ALL) joined.push(key, mask);
  }
  return joined;
}

/** Whether two facts are the same. */
export function equalFacts(left: Facts, right: Facts): boolean {
  if (left === right) return true;
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}

/** Developer text. */
export function printFacts(facts: Facts, printKey: (key: number) => string, printValue: (key: number, mask: ValueMask) => string): string {
  const parts: string[] = [];
  for (let index = 0; index < facts.length; index += 2) {
    const key = facts[index]!;
    parts.push(`${printKey(key)}=${printValue(key, facts[index + 1]!)}`);
  }
  return parts.join(' ');
}
