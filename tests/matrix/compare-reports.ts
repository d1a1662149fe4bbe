import type { LintReport } from './lint-workspace.ts';

/** What one of two lists of reports has and the other has not, a line each: `+` is only in `actual`, `-` only in `expected`. Edits are compared where both know them. */
export function compareReports(expected: readonly LintReport[], actual: readonly LintReport[]): string[] {
  const knowsEdits = actual.every(({ edits }) => edits !== undefined) && expected.every(({ edits }) => edits !== undefined);
  const print = ({ file, line, column, rule, message, edits }: LintReport): string =>
    `${file}:${String(line)}:${String(column)} ${rule}: ${message}${knowsEdits ? ` ${edits!}` : ''}`;
  const counts = new Map<string, number>();
  for (const report of expected) counts.set(print(report), (counts.get(print(report)) ?? 0) - 1);
  for (const report of actual) counts.set(print(report), (counts.get(print(report)) ?? 0) + 1);
  return [...counts].filter(([, count]) => count !== 0).map(([text, count]) => `${count > 0 ? '+' : '-'} ${text}`).sort();
}
