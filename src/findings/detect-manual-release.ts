import type { SiteOutcome } from '../analysis/analyse-program.ts';
import { excerpt } from '../syntax/excerpt.ts';
import type { ManualReleaseFinding } from './finding.ts';

/** Whether the code gives the resource back on every path, and nobody else has anything to do with it. */
export function isReleasedByHand({ site, owed, settlements, misuses, released, keeping }: SiteOutcome): boolean {
  return site !== undefined && owed.length + settlements.length + misuses.length === 0 && released && keeping === undefined;
}

/** The finding of a site that is released by hand. `instead`: what takes its place, as a sentence. */
export function detectManualRelease({ site }: SiteOutcome, instead: string, text: string): ManualReleaseFinding | undefined {
  if (site === undefined) return undefined;
  const { type, path, evidence, evidenceFile } = site.acquisition;
  const source = excerpt(site.node, text);
  const done = type.ending === 'commit or rollback' ? 'committed and rolled back' : type.ending === 'end' ? 'ended' : type.ending === 'close' ? 'closed' : 'released';
  return {
    kind: 'manual-release', node: site.node, acquisition: site.node, path, evidence, evidenceFile, handle: `the ${type.noun}`, noun: type.noun,
    message: `The ${type.noun} from \`${source}\` is ${done} by hand. ${instead}`,
    history: [{ event: 'acquired', node: site.node, text: `acquired by ${source}` }],
  };
}
