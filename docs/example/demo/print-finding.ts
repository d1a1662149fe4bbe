import type { ExampleFinding } from './lint-example.ts';

/** What the reported node and the line named by the message are to each rule. */
const captions: Readonly<Record<string, { reported: string; named: string }>> = {
  'connection-leaks/require-release': { reported: 'acquired here', named: 'lost here' },
  'connection-leaks/no-double-release': { reported: 'released again here', named: 'released here' },
  'connection-leaks/no-use-after-release': { reported: 'used here', named: 'released here' },
};

/** Place, rule, message, and the source of both places with a caption under each. */
export function printFinding(finding: ExampleFinding): string {
  const caption = captions[finding.rule];
  if (!caption) throw new Error(`no caption for ${finding.rule}`);

  const marks: Mark[] = [
    { line: finding.line, from: finding.column - 1, to: finding.endColumn - 1, sign: '^', caption: caption.reported },
  ];
  if (finding.namedLine !== undefined) {
    const text = finding.lines[finding.namedLine - 1] ?? '';
    const from = text.length - text.trimStart().length;
    marks.push({ line: finding.namedLine, from, to: text.trimEnd().length, sign: '~', caption: caption.named });
  }
  const rule = finding.rule.slice(finding.rule.indexOf('/') + 1);
  return [
    `docs/example/${finding.file}:${finding.line}:${finding.column}  ${finding.rule}`,
    `  ${finding.message}`,
    '',
    ...printFrame(finding.lines, marks),
    '',
    `  more: docs/rules/${rule}.md`,
  ].join('\n');
}

interface Mark {
  line: number;
  from: number;
  to: number;
  sign: string;
  caption: string;
}

/** The marked lines in the order of the file, with what lies between them when that is short. */
function printFrame(lines: readonly string[], marks: readonly Mark[]): string[] {
  const ordered = [...marks].sort((a, b) => a.line - b.line);
  const gutter = Math.max(...ordered.map((mark) => String(mark.line).length)) + 2;
  const printed: string[] = [];
  const printLine = (number: number): void => {
    printed.push(`${String(number).padStart(gutter)} | ${lines[number - 1] ?? ''}`.trimEnd());
  };

  let previous: number | undefined;
  for (const mark of ordered) {
    if (previous !== undefined && mark.line - previous > 4) printed.push(`${'...'.padStart(gutter)} |`);
    else if (previous !== undefined) for (let line = previous + 1; line < mark.line; line += 1) printLine(line);
    if (mark.line !== previous) printLine(mark.line);
    printed.push(`${''.padStart(gutter)} | ${' '.repeat(mark.from)}${mark.sign.repeat(mark.to - mark.from)} ${mark.caption}`);
    previous = mark.line;
  }
  return printed;
}
