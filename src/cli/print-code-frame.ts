/** Source lines with the way of a finding drawn under them. */
import { maskSecrets } from './mask-secrets.ts';
import type { LocatedFinding, Place } from './located-finding.ts';

/** At most this many lines between two marks are shown. */
const SHORT_GAP = 3;

interface Mark {
  readonly line: number;
  /** Zero-based; the end is exclusive. */
  readonly from: number;
  readonly to: number;
  readonly sign: '^' | '~';
  readonly caption: string;
}

/**
 * The lines that the finding speaks of, in the order of the file, each with what happens there: `^` under what is reported, `~` under the other
 * steps, numbered in the order in which they happen. Empty when the file has no such lines.
 */
export function printCodeFrame(finding: LocatedFinding, lines: readonly string[]): string[] {
  const marks = marksOf(finding, lines).filter(({ line }) => line <= lines.length);
  const gutter = Math.max(0, ...marks.map(({ line }) => String(line).length)) + 2;
  const printed: string[] = [];
  const printLine = (line: number): void => {
    printed.push(`${String(line).padStart(gutter)} | ${detab(maskSecrets(lines[line - 1] ?? ''))}`.trimEnd());
  };
  let last: number | undefined;
  for (const { line, from, to, sign, caption } of marks) {
    if (last !== undefined && line - last > SHORT_GAP + 1) printed.push(`${'...'.padStart(gutter)} |`);
    else if (last !== undefined) for (let between = last + 1; between < line; between += 1) printLine(between);
    if (line !== last) printLine(line);
    const source = lines[line - 1] ?? '';
    const indent = detab(source.slice(0, from)).length;
    printed.push(`${''.padStart(gutter)} | ${' '.repeat(indent)}${sign.repeat(Math.max(1, detab(source.slice(from, to)).length))} ${caption}`.trimEnd());
    last = line;
  }
  return printed;
}

/** A column of the terminal for each character. */
function detab(text: string): string {
  return text.replaceAll('\t', '  ');
}

function marksOf(finding: LocatedFinding, lines: readonly string[]): Mark[] {
  const { steps } = finding;
  const isReported = (place: Place): boolean => place.line === finding.line && place.column === finding.column;
  const marks = steps.map((step, index) => markOf(step, steps.length > 1 ? `${String(index + 1)}. ${step.text}` : step.text, isReported(step), lines));
  if (!steps.some(isReported)) marks.unshift(markOf(finding, '', true, lines));
  return marks.sort((left, right) => left.line - right.line || left.from - right.from);
}

/** The first line of what stands at `place`: what goes on over more lines would hide them. */
function markOf(place: Place, caption: string, isReported: boolean, lines: readonly string[]): Mark {
  const source = lines[place.line - 1] ?? '';
  const to = place.endLine === place.line ? place.endColumn - 1 : source.trimEnd().length;
  return { line: place.line, from: place.column - 1, to, sign: isReported ? '^' : '~', caption };
}
