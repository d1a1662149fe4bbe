import { ruleUrl } from '../rule/create-rule.ts';
import type { LocatedFinding } from './located-finding.ts';
import { printCodeFrame } from './print-code-frame.ts';
import { relativeFile } from './relative-file.ts';
import type { Report } from './report.ts';

/** The findings for a terminal: each with its place, its message and its way drawn over the source; then how many there are by rule and library. */
export function formatPretty(report: Report): string {
  const blocks = report.findings.map((finding) => printFinding(finding, report));
  for (const { file, message } of report.unread) blocks.push(`${relativeFile(file, report.cwd)}\n  not read: ${message}`);
  return [...blocks, summarise(report)].join('\n\n');
}

/** Place, rule, message, code frame, and where to read more. */
export function printFinding(finding: LocatedFinding, { cwd, linesOf }: Pick<Report, 'cwd' | 'linesOf'>): string {
  return [
    `${relativeFile(finding.file, cwd)}:${String(finding.line)}:${String(finding.column)}  ${finding.rule}`,
    `  ${finding.message}`,
    '',
    ...printCodeFrame(finding, linesOf(finding.file)),
    '',
    `  more: ${ruleUrl(finding.rule.slice(finding.rule.indexOf('/') + 1))}`,
  ].join('\n');
}

function summarise({ findings, files, unread }: Report): string {
  const left = unread.length === 0 ? '' : `, ${counted(unread.length, 'file')} not read`;
  if (findings.length === 0) return `No findings in ${counted(files, 'file')}${left}.`;
  const lines = [`${counted(findings.length, 'finding')} in ${counted(new Set(findings.map(({ file }) => file)).size, 'file')} of ${String(files)}${left}.`];
  lines.push(...countsBy(findings, ({ rule }) => rule), ...countsBy(findings, ({ library }) => library ?? 'by the use of the result'));
  return lines.join('\n');
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** How many findings have which key, the most frequent first. */
function countsBy(findings: readonly LocatedFinding[], keyOf: (finding: LocatedFinding) => string): string[] {
  const counts = new Map<string, number>();
  for (const finding of findings) counts.set(keyOf(finding), (counts.get(keyOf(finding)) ?? 0) + 1);
  const width = String(Math.max(...counts.values())).length;
  return ['', ...[...counts].sort(([, left], [, right]) => right - left).map(([key, count]) => `  ${String(count).padStart(width)}  ${key}`)];
}
