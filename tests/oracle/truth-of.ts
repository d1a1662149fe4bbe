/**
 * What executions of a small program show, with offsets turned into the text of the calls: for tests.
 */
import { filesOf } from './program-files.ts';
import { findGroundTruth, type ExplorationLimits } from './executor/ground-truth.ts';
import type { EventKind } from './executor/execution-runtime.ts';

export interface ReadableTruth {
  readonly leaks: readonly string[];
  readonly doubleReleases: readonly string[];
  readonly usesAfterRelease: readonly string[];
  /** Events that are outside the conventions. */
  readonly doubtful: readonly string[];
  readonly acquisitions: readonly string[];
  readonly isExhaustive: boolean;
}

/** Each call as `line:text`, cut at the end of its callee, after the name of the file where there are several. */
export async function truthOf(source: string, limits?: ExplorationLimits): Promise<ReadableTruth> {
  const truth = await findGroundTruth(source, limits);
  const files = filesOf(source);
  const describeCall = (start: number): string => {
    const file = files.findLast(({ base }) => base <= start);
    const line = source.slice(file?.base, start).split('\n').length;
    return `${files.length > 1 ? `${file?.path}:` : ''}${line}:${(source.slice(start).match(/^[\s\S]*?\(/)?.[0] ?? '').replace(/\($/, '')}`;
  };
  const proven = (kind: EventKind): string[] =>
    truth.evidence.filter((evidence) => evidence.kind === kind && evidence.isProven).map((evidence) => describeCall(evidence.start)).sort();
  return {
    leaks: proven('leak'),
    doubleReleases: proven('double-release'),
    usesAfterRelease: proven('use-after-release'),
    doubtful: truth.evidence.filter((evidence) => !evidence.isProven).map((evidence) => `${evidence.kind} ${describeCall(evidence.start)}`).sort(),
    acquisitions: [...truth.acquisitions].map(describeCall).sort(),
    isExhaustive: truth.isExhaustive,
  };
}

/** A module over pg whose entry is `main`; its body starts in line 3. */
export const pgMain = (body: string, parameters = ''): string =>
  `import { Pool } from 'pg'; const pool = new Pool();\nexport async function main(${parameters}) {\n${body}\n}\n`;

/** The same over mysql2/promise. */
export const mysqlMain = (body: string, parameters = ''): string =>
  `import { createPool } from 'mysql2/promise'; const pool = createPool({});\nexport async function main(${parameters}) {\n${body}\n}\n`;

/** pg in a function that is not async; with `cb` among the parameters, one in callback style. */
export const pgSync = (body: string, parameters = ''): string =>
  `import { Pool } from 'pg'; const pool = new Pool();\nexport function main(${parameters}) {\n${body}\n}\n`;

/** mysql2 in callback style. */
export const mysqlCallbackSync = (body: string, parameters = ''): string =>
  `import mysql from 'mysql2'; const pool = mysql.createPool({});\nexport function main(${parameters}) {\n${body}\n}\n`;
