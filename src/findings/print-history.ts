/** The history of a finding on one line. */
import type { Finding, HistoryStep } from './finding.ts';

/** `line 7 acquired by pool.connect(); line 9 client.query('…') throws; leaves with the error`. A line is named where it changes. */
export function printHistory(finding: Finding): string {
  let last = 0;
  return finding.history
    .map((step) => {
      const line = lineOf(step);
      if (line === last) return step.text;
      last = line;
      return `line ${String(line)} ${step.text}`;
    })
    .join('; ');
}

/** Where the step happens: the end of a function is its last line, anything else begins where it stands. */
function lineOf(step: HistoryStep): number {
  return isAtEnd(step) ? step.node.loc.end.line : step.node.loc.start.line;
}

/** Whether the step is at the end of its node, a function or the module, and not where that begins. */
export function isAtEnd({ event, node: { type } }: HistoryStep): boolean {
  return event === 'ends' && (type === 'Program' || type === 'ClassBody' || type.includes('Function'));
}
