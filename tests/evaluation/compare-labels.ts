import type { EvaluatedSite } from './evaluate-file.ts';

/** One acquisition judged by hand. */
export interface Label {
  readonly repo: string;
  readonly file: string;
  readonly line: number;
  /** Where `callText` starts, 1-based. */
  readonly column: number;
  readonly callText: string;
  readonly verdict: 'leak' | 'safe' | 'debatable' | 'not-an-acquire';
  readonly exit?: string;
  /** What an analyser must understand to judge it; `same-file`: nothing else. */
  readonly needs: readonly string[];
}

/** What the engine says about a labelled site. */
export type Answer = EvaluatedSite['verdict'] | 'not seen';

export interface Comparison {
  readonly label: Label;
  readonly answer: Answer;
  readonly reason: string | undefined;
}

/** The answer to one label: of the sites that begin on its line, the one whose call holds its column. */
export function compareLabel(label: Label, sites: readonly EvaluatedSite[]): Comparison {
  const end = label.column + label.callText.length;
  const holding = sites
    .filter((site) => site.line <= label.line && label.line <= site.endLine)
    .filter((site) => (site.line < label.line || site.column < end) && (site.endLine > label.line || site.endColumn > label.column))
    // The innermost: the one that begins last.
    .sort((left, right) => right.line - left.line || right.column - left.column)[0];
  return { label, answer: holding?.verdict ?? 'not seen', reason: holding?.reason };
}

const LABELS = ['leak', 'safe', 'debatable', 'not-an-acquire'] as const;
const ANSWERS = ['leak', 'safe', 'unknown', 'not seen'] as const;

/** The table labels × answers, and the missed leaks by what they need, as lines of Markdown. */
export function describeComparisons(comparisons: readonly Comparison[]): string[] {
  const count = (label: string, answer: string): number => comparisons.filter((one) => one.label.verdict === label && one.answer === answer).length;
  const lines = [
    `| label | ${ANSWERS.map((answer) => `we say ${answer}`).join(' | ')} | all |`,
    `|---|${ANSWERS.map(() => '---|').join('')}---|`,
    ...LABELS.map((label) => {
      const counts = ANSWERS.map((answer) => count(label, answer));
      return `| ${label} | ${counts.join(' | ')} | ${counts.reduce((sum, one) => sum + one, 0)} |`;
    }),
    '',
  ];
  const missed = comparisons.filter((one) => one.label.verdict === 'leak' && one.answer !== 'leak');
  const needs = new Map<string, { missed: number; found: number }>();
  for (const { label, answer } of comparisons) {
    if (label.verdict !== 'leak') continue;
    for (const need of label.needs) {
      const row = needs.get(need) ?? { missed: 0, found: 0 };
      if (answer === 'leak') row.found++;
      else row.missed++;
      needs.set(need, row);
    }
  }
  lines.push('| leaks that need | found | missed |', '|---|---|---|');
  for (const [need, row] of [...needs].sort((a, b) => b[1].missed - a[1].missed)) lines.push(`| ${need} | ${row.found} | ${row.missed} |`);
  lines.push('', `missed leaks that need the file alone: ${missed.filter(isSameFile).length}`);
  for (const { label, answer, reason } of missed.filter(isSameFile)) lines.push(`- ${place(label)} ${label.callText} ${answer}${reason ? ` (${reason})` : ''}; label: ${label.exit ?? ''}`);
  const alarms = comparisons.filter((one) => one.answer === 'leak' && one.label.verdict !== 'leak');
  lines.push('', `reported, labelled otherwise: ${alarms.length}`);
  for (const { label } of alarms) lines.push(`- ${place(label)} ${label.callText} ${label.verdict}; ${label.exit ?? ''}`);
  return lines;
}

function isSameFile({ label }: Comparison): boolean {
  return label.needs.length === 1 && label.needs[0] === 'same-file';
}

function place(label: Label): string {
  return `${label.repo} ${label.file}:${label.line}:${label.column}`;
}
