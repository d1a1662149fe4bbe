import type { EvaluatedSite } from './evaluate-file.ts';

/** One acquisition judged by hand: a place in a public repository and facts about it, never its code. */
export interface Label {
  readonly repo: string;
  /** The commit that was read, abbreviated to ten digits. */
  readonly commit: string;
  readonly file: string;
  readonly line: number;
  /** Where the acquiring call starts, 1-based. */
  readonly column: number;
  readonly verdict: 'leak' | 'safe' | 'debatable' | 'not-an-acquire';
  /** What an analyser must understand to judge it; `same-file`: nothing else. */
  readonly needs: readonly string[];
  /** The reason in a few words of our own; of a leak, the exit. */
  readonly why: string;
}

/** What the engine says about a labelled site. */
export type Answer = EvaluatedSite['verdict'] | 'not seen';

export interface Comparison {
  readonly label: Label;
  readonly answer: Answer;
  readonly reason: string | undefined;
}

/** The answer to one label: of the sites that hold its place, the innermost. */
export function compareLabel(label: Label, sites: readonly EvaluatedSite[]): Comparison {
  const holding = sites
    .filter((site) => isBefore(site.line, site.column, label.line, label.column) && isBefore(label.line, label.column + 1, site.endLine, site.endColumn))
    // The innermost: the one that begins last.
    .sort((left, right) => right.line - left.line || right.column - left.column)[0];
  return { label, answer: holding?.verdict ?? 'not seen', reason: holding?.reason };
}

function isBefore(line: number, column: number, otherLine: number, otherColumn: number): boolean {
  return line < otherLine || (line === otherLine && column <= otherColumn);
}

const LABELS = ['leak', 'safe', 'debatable', 'not-an-acquire'] as const;
const ANSWERS = ['leak', 'safe', 'unknown', 'not seen'] as const;

/** The table labels × answers, the leaks by what they need, and each disagreement, as lines of Markdown. */
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
  const describe = ({ label, answer, reason }: Comparison): string =>
    `- ${label.repo} ${label.file}:${label.line}:${label.column} ${answer}${reason ? ` (${reason})` : ''}; label: ${label.verdict}, needs ${label.needs.join(', ')}: ${label.why}`;
  const missed = comparisons.filter((one) => one.label.verdict === 'leak' && one.answer !== 'leak');
  lines.push('', `missed leaks: ${missed.length}, of which ${missed.filter(isSameFile).length} need the file alone`, ...missed.map(describe));
  const alarms = comparisons.filter((one) => one.answer === 'leak' && one.label.verdict !== 'leak');
  lines.push('', `reported, labelled otherwise: ${alarms.length}`, ...alarms.map(describe));
  const safe = comparisons.filter((one) => one.answer === 'unknown' && one.label.verdict !== 'leak');
  lines.push('', `silent without knowing why: ${safe.length}`, ...safe.map(describe));
  return lines;
}

function isSameFile({ label }: Comparison): boolean {
  return label.needs.length === 1 && label.needs[0] === 'same-file';
}
