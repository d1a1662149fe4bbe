import { readFileSync } from 'node:fs';
import path from 'node:path';

import { exampleFolder, type ExampleFinding } from './lint-example.ts';

/** One entry of `expected-findings.json`. */
export interface ExpectedFinding {
  file: string;
  function: string;
  rule: string;
  /** How the source reads at the reported node. */
  at: string;
  /** What stands on the line that the message has to name. */
  because: string;
  why: string;
}

/** A function that naive rules would flag and that gives its connection back all the same. */
export interface SilentFunction {
  file: string;
  function: string;
  looksWrong: string;
  isRight: string;
}

export interface ExpectedFindings {
  findings: ExpectedFinding[];
  silent: SilentFunction[];
}

export function readExpectedFindings(): ExpectedFindings {
  return JSON.parse(readFileSync(path.join(exampleFolder, 'expected-findings.json'), 'utf8')) as ExpectedFindings;
}

/** One sentence for each difference; an empty list means that the plugin found exactly what it should. */
export function compareFindings(found: readonly ExampleFinding[], expected: readonly ExpectedFinding[]): string[] {
  const differences: string[] = [];
  const unmatched = new Set(found);
  for (const entry of expected) {
    const match = [...unmatched].find((finding) => isSamePlace(finding, entry));
    if (!match) {
      differences.push(`missing: ${entry.rule} in ${entry.function} (${entry.file}) at \`${entry.at}\`: ${entry.why}`);
      continue;
    }
    unmatched.delete(match);
    if (match.namedText?.includes(entry.because) !== true) {
      differences.push(
        `wrong cause: ${entry.rule} in ${entry.function} (${entry.file}:${String(match.line)}) should name the line of ` +
          `\`${entry.because}\`, but says: ${match.message}`,
      );
    }
  }
  for (const finding of unmatched) {
    differences.push(
      `unexpected: ${finding.rule} in ${finding.function} (${finding.path}:${String(finding.line)}): ${finding.message}`,
    );
  }
  return differences;
}

function isSamePlace(finding: ExampleFinding, entry: ExpectedFinding): boolean {
  return (
    finding.path === entry.file &&
    finding.function === entry.function &&
    finding.rule === entry.rule &&
    finding.reportedText.startsWith(entry.at)
  );
}
