/** Edits that change which functions there are, judged by analysing what comes of them. */
import { applyEdits, type Edit } from './edit-plan.ts';
import type { FixInput, Reanalysis } from './fix-input.ts';

/** Whether the analysis of the edited text no longer has the finding, and has nothing instead: no other finding, no acquisition that it cannot follow or that somebody else gets. */
export function isCuredBy({ model, finding, outcome, reanalyse }: FixInput, edits: readonly Edit[]): boolean {
  const before = reanalyse?.(model.text);
  const after = before && reanalyse?.(applyEdits(model.text, edits));
  if (before === undefined || after === undefined) return false;
  return before.findings.some((one) => isSame(one, finding)) && isBetter(before, after, finding.kind, outcome.settlements.length > 0 ? 1 : 0);
}

/** Whether there is one finding of a kind less, or several, and nothing more of anything else. `own`: what the acquisition itself is on other paths is no more hidden by its leak. */
function isBetter(before: Reanalysis, after: Reanalysis, kind: string, own: number): boolean {
  const findings = (of: Reanalysis, one: string): number => of.findings.filter((finding) => finding.kind === one).length;
  const silences = ({ sites }: Reanalysis): number => sites.filter(({ verdict, reason }) => verdict !== 'leak' && reason !== undefined).length;
  if (findings(after, kind) >= findings(before, kind) || silences(after) > silences(before) + own) return false;
  return after.findings.every((finding) => finding.kind === kind || findings(after, finding.kind) <= findings(before, finding.kind));
}

function isSame(left: FixInput['finding'], right: FixInput['finding']): boolean {
  return left.kind === right.kind && left.node.range[0] === right.node.range[0] && left.node.range[1] === right.node.range[1];
}
