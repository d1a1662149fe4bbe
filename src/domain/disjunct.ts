/**
 * One abstract execution: the state of the obligation, where the resource can be found, and what is known of the values that decide branches.
 * Immutable. A state of the analysis is a set of disjuncts (`disjunct-set.ts`); each is followed on its own.
 */
import { equalFacts, joinFacts, leqFacts, NO_FACTS, printFacts, type Facts } from './facts.ts';
import type { ObligationState, Site } from './obligation.ts';
import { printMask } from './value-mask.ts';
import { printRoot, type Alias, type PlaceTable } from './place.ts';

export interface Disjunct {
  readonly state: ObligationState;
  /** What was acquired where; undefined while the state is `none` or `idle`. */
  readonly site: Site | undefined;
  /** Must-aliases, sorted by id. */
  readonly aliases: readonly Alias[];
  readonly facts: Facts;
  /** False once disjuncts were joined beyond the bound: what it shows may be no execution. */
  readonly exact: boolean;
}

/** Nothing acquired, nothing known. */
export const START: Disjunct = { state: 'none', site: undefined, aliases: [], facts: NO_FACTS, exact: true };

/** Whether both describe the same obligation in the same places: then only facts can tell them apart. */
export function sameObligation(left: Disjunct, right: Disjunct): boolean {
  if (left.state !== right.state || left.site !== right.site || left.aliases.length !== right.aliases.length) return false;
  if (left.aliases === right.aliases) return true;
  return left.aliases.every((alias, index) => alias === right.aliases[index]);
}

/** A text that only equal disjuncts share; `siteId` stands for the site. */
export function disjunctKey(state: Disjunct, siteId: number): string {
  return `${state.state}|${String(siteId)}|${state.exact ? '' : '~'}${state.aliases.map((alias) => alias.id).join()}|${state.facts.join()}`;
}

/** The order: every execution of `left` is one of `right`. */
export function leqDisjunct(left: Disjunct, right: Disjunct): boolean {
  return (left.exact || !right.exact) && sameObligation(left, right) && leqFacts(left.facts, right.facts);
}

/** Whether both are the same disjunct. */
export function equalDisjunct(left: Disjunct, right: Disjunct): boolean {
  return left.exact === right.exact && sameObligation(left, right) && equalFacts(left.facts, right.facts);
}

/** The least disjunct above two with the same obligation; no longer exact, because it mixes what was apart. */
export function widenDisjunct(left: Disjunct, right: Disjunct): Disjunct {
  return { ...left, facts: joinFacts(left.facts, right.facts), exact: false };
}

/** Developer text. */
export function printDisjunct(disjunct: Disjunct, places: PlaceTable): string {
  const aliases = disjunct.aliases.map((alias) => `${printRoot(alias.root)}${alias.path}${alias.role === 'handle' ? '' : `(${alias.role})`}`);
  const facts = printFacts(disjunct.facts, (id) => {
    const key = places.key(id);
    return key.text || key.roots.map((root) => printRoot(root)).join() + key.path;
  }, (id, mask) => (places.isRegionKey(id) ? printCompletions(mask) : printMask(mask)));
  return `${disjunct.state} {${aliases.join(', ')}}${facts && ` ${facts}`}${disjunct.exact ? '' : ' (joined)'}`;
}

/** The numbers of the completions with which a `finally` region may have been entered. */
function printCompletions(bits: number): string {
  const numbers: number[] = [];
  for (let bit = 0; bit < 31; bit++) if ((bits & (1 << bit)) !== 0) numbers.push(bit);
  return numbers.join('|');
}
