import type { LocatedSite } from './finding-collector.ts';
import { relativeFile } from './relative-file.ts';

/** Every acquisition with its verdict, and for each silence its name (docs/limits.md); then how many there are of each. */
export function explainSites(sites: readonly LocatedSite[], cwd: string): string {
  const lines = sites.map((site) => `${relativeFile(site.file, cwd)}:${String(site.line)}:${String(site.column)}  ${verdictOf(site)}  ${site.call}`);
  const counts = new Map<string, number>();
  for (const site of sites) counts.set(verdictOf(site), (counts.get(verdictOf(site)) ?? 0) + 1);
  const summary = [...counts].sort(([, left], [, right]) => right - left).map(([verdict, count]) => `  ${String(count)}  ${verdict}`);
  return [...lines, ...(lines.length > 0 ? [''] : []), `${String(sites.length)} acquisitions`, ...summary].join('\n');
}

function verdictOf({ verdict, reason, isOneOff }: LocatedSite): string {
  const known = reason === undefined ? verdict : `${verdict} (${reason})`;
  return isOneOff && verdict === 'leak' ? `${known}, silent in tests and scripts` : known;
}
