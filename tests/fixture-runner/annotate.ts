/**
 * Annotations are the comment lines under a reported line of a fixture:
 *
 *     const client = await pool.connect();
 *   //                     ^^^^^^^^^^^^^^ require-release: <message>
 *   //                     path: line 7 acquired; line 9 client.query('…') may throw; leaves run()
 *   //                     fix: Release `client` in a finally block.     (in `fixes/` only; or `suggestion: …`, `no fix: …`)
 *
 * They are written by `npm run fixtures:update` and compared as text. They always start in
 * column 0, so that they stand out and so that a report in an indented line has room for its carets.
 */

/** One report on a fixture, in ESLint's coordinates (lines and columns from 1). */
export interface Reported {
  readonly rule: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** The history of the finding in one line; absent when the finding has none. */
  readonly path?: string;
  /** What can be done about it, a line each: `fix: …`, `suggestion: …`, `no fix: …`. Absent where the fixture does not show it. */
  readonly fixes?: readonly string[];
}

const annotationLine = /^\/\/ *(?:\^+ [a-z]+(?:-[a-z]+)*: |path: |fix: |suggestion: |no fix: )/;

/** Whether a line of a fixture is an annotation and not the author's. */
export function isAnnotation(line: string): boolean {
  return annotationLine.test(line);
}

/** The fixture as its author wrote it. */
export function stripAnnotations(text: string): string {
  return text
    .split('\n')
    .filter((line) => !isAnnotation(line))
    .join('\n');
}

/** `text` with its annotations replaced by those of `reports`, whose lines count the annotations now in `text`. */
export function replaceAnnotations(text: string, reports: readonly Reported[]): string {
  const result: string[] = [];
  text.split('\n').forEach((line, index) => {
    if (isAnnotation(line)) return;
    result.push(line);
    const here = reports.filter((report) => report.line === index + 1);
    here.sort((a, b) => a.column - b.column || compareText(a.rule, b.rule));
    for (const report of here) result.push(...printAnnotation(report, line));
  });
  return result.join('\n');
}

/**
 * `text` with the annotations that `lint` gives. Messages name lines, and adding annotations moves lines,
 * so the text is linted again until nothing changes; the second round settles it.
 */
export function annotate(text: string, lint: (text: string) => readonly Reported[]): string {
  let current = stripAnnotations(text);
  for (let round = 0; round < 4; round++) {
    const next = replaceAnnotations(current, lint(current));
    if (next === current) return current;
    current = next;
  }
  throw new Error('the reports depend on the comment lines below them');
}

function printAnnotation(report: Reported, line: string): string[] {
  // A report in column 1 or 2 (top level only) shares its first columns with the comment marks.
  const start = Math.max(report.column - 1, 2);
  const end = report.endLine === report.line ? report.endColumn - 1 : line.trimEnd().length;
  const carets = '^'.repeat(Math.max(end - start, 1));
  const indent = '//' + ' '.repeat(start - 2);
  const lines = [`${indent}${carets} ${report.rule}: ${report.message.replaceAll('\n', ' ')}`];
  if (report.path !== undefined) lines.push(`${indent}path: ${report.path}`);
  for (const fix of report.fixes ?? []) lines.push(indent + fix);
  return lines;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
