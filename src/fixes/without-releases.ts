/** What the analysis says of the file without some of its releases. */
import { CONNECTIONS } from '../analysis/acquisition-calls.ts';
import { analyseProgramModel, type SiteOutcome } from '../analysis/analyse-program.ts';
import type { Node, Statement } from '../syntax/estree.ts';
import type { AcquisitionInput } from './fix-input.ts';

/** A release, and the statement that goes with it. */
export interface GoingRelease {
  readonly call: Node;
  readonly statement: Statement;
}

/**
 * What becomes of the acquisition when the releases go; undefined where one of the others is then lost, released twice or used after its release and was not before: a second
 * release that throws may have kept control from what follows it.
 */
export function outcomeWithout({ outcome, outcomes, model }: Pick<AcquisitionInput, 'outcome' | 'outcomes' | 'model'>, releases: readonly GoingRelease[]): SiteOutcome | undefined {
  const without = new Set<Node>();
  for (const { call, statement } of releases) {
    for (let node: Node | undefined = call; node && node !== statement; node = node.parent) without.add(node);
  }
  const after = analyseProgramModel(model, { ...CONNECTIONS, without });
  if (after.length !== outcomes.length) return undefined;
  for (const before of outcomes) {
    const now = after.find(({ node }) => node === before.node);
    if (now === undefined) return undefined;
    if (now.misuses.some(({ kind, node }) => !before.misuses.some((misuse) => misuse.kind === kind && misuse.node === node))) return undefined;
    if (now.settlements.length > before.settlements.length) return undefined;
    if (before !== outcome && now.owed.length > before.owed.length) return undefined;
  }
  return after.find(({ node }) => node === outcome.node);
}
