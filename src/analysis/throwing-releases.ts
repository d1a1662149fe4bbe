/**
 * A second release throws, in many libraries, and nothing behind it happens. Each run follows one resource and meets the releases of the others: what those do is
 * found by the runs of those others, so that a unit with such a release is followed again.
 */
import type { Node, UnitNode } from '../syntax/estree.ts';
import type { AnalysisContext, UnitRelease } from './analysis-context.ts';

/** The releases that the runs over a unit met. */
export type UnitReleases = Map<Node, UnitRelease>;

/** How often the runs of a unit are repeated with what they found out about its releases. Two rounds are nearly always enough. */
const ROUNDS = 4;

/**
 * The outcomes of a unit in which some release is a second one and throws, which changes where the paths of the other sites lead: those are followed
 * once more by `analyse`, until what they show of the releases is what they were told. Undefined where none throws.
 */
export function withThrowingReleases<Outcomes extends { readonly releases: UnitReleases }>(
  context: AnalysisContext,
  unit: UnitNode,
  found: ReadonlyMap<UnitNode, Outcomes>,
  analyse: () => Outcomes,
): Outcomes | undefined {
  let releases = releasesWithin(context, unit, found);
  let last: Outcomes | undefined;
  for (let round = 0; round < ROUNDS && [...releases.values()].some((release) => release.throws); round++) {
    context.useReleases(releases);
    last = analyse();
    context.useReleases(new Map());
    const seen = releasesWithin(context, unit, new Map([...found, [unit, last]]));
    if (sameReleases(seen, releases)) break;
    releases = seen;
  }
  return last;
}

function sameReleases(left: ReadonlyMap<Node, UnitRelease>, right: ReadonlyMap<Node, UnitRelease>): boolean {
  if (left.size !== right.size) return false;
  for (const [node, { completes, throws, leaves }] of left) {
    const other = right.get(node);
    if (other?.completes !== completes || other.throws !== throws || other.leaves !== leaves) return false;
  }
  return true;
}

/** The releases of the unit and of the functions inside it, which may run as a part of it. */
export function releasesWithin(context: AnalysisContext, unit: UnitNode, found: ReadonlyMap<UnitNode, { readonly releases: UnitReleases }>): ReadonlyMap<Node, UnitRelease> {
  const own = found.get(unit)?.releases ?? new Map<Node, UnitRelease>();
  const inside = context.model.unitsInside(unit).filter((inner) => (found.get(inner)?.releases.size ?? 0) > 0);
  if (inside.length === 0) return own;
  const all = new Map(own);
  for (const inner of inside) for (const [node, release] of found.get(inner)!.releases) addRelease(all, node, release);
  return all;
}

/** Adds what one run saw of the release at `node` to what others saw. */
export function addRelease(releases: UnitReleases, node: Node, release: UnitRelease): void {
  const known = releases.get(node);
  releases.set(node, known === undefined ? release : {
    completes: known.completes || release.completes,
    throws: known.throws || release.throws,
    leaves: known.leaves || release.leaves,
    first: known.first || release.first,
    acquisitions: new Set([...known.acquisitions, ...release.acquisitions]),
  });
}
