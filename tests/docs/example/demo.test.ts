import { readFileSync } from 'node:fs';
import path from 'node:path';

import * as parser from '@typescript-eslint/parser';
import { describe, expect, it } from 'vitest';

import { compareFindings, readExpectedFindings, type ExpectedFinding } from '../../../docs/example/demo/compare-findings.ts';
import { findEnclosingFunction } from '../../../docs/example/demo/find-enclosing-function.ts';
import { exampleFolder, lintExample, type ExampleFinding } from '../../../docs/example/demo/lint-example.ts';
import { analyseProgram } from '../../../src/index.ts';
import { projectOf } from '../../../src/rule/project-of.ts';

const entry: ExpectedFinding = {
  file: 'src/a.ts',
  function: 'load',
  rule: 'connection-leaks/require-release',
  at: 'pool.connect()',
  because: 'client.query(',
  why: 'the query may fail',
};
const finding: ExampleFinding = {
  file: '/example/src/a.ts',
  path: 'src/a.ts',
  function: 'load',
  rule: 'connection-leaks/require-release',
  severity: 'error',
  message: '`client` is lost when line 2 throws.',
  line: 1,
  column: 22,
  endLine: 1,
  endColumn: 36,
  library: 'pg',
  steps: [],
  reportedText: 'pool.connect();',
  namedText: "await client.query('x');",
};

describe('compareFindings', () => {
  it('is content with exactly the expected findings', () => {
    expect(compareFindings([finding], [entry])).toEqual([]);
  });

  it('names a finding that is missing', () => {
    expect(compareFindings([], [entry])).toEqual([expect.stringMatching(/^missing: .*load/)]);
  });

  it('names a finding that nobody expects, also a second one at an expected place', () => {
    expect(compareFindings([finding], [])).toEqual([expect.stringMatching(/^unexpected: .*src\/a\.ts:1/)]);
    expect(compareFindings([finding, { ...finding }], [entry])).toEqual([expect.stringMatching(/^unexpected:/)]);
  });

  it('names a finding that blames another line, or none', () => {
    const elsewhere = { ...finding, namedText: 'const client = await pool.connect();' };
    const nowhere = { ...finding, namedText: undefined };
    expect(compareFindings([elsewhere], [entry])).toEqual([expect.stringMatching(/^wrong cause:/)]);
    expect(compareFindings([nowhere], [entry])).toEqual([expect.stringMatching(/^wrong cause:/)]);
  });

  it.each(['path', 'function', 'rule', 'reportedText'] as const)('tells findings apart by their %s', (key) => {
    expect(compareFindings([{ ...finding, [key]: 'other' }], [entry])).toHaveLength(2);
  });
});

describe('the example', () => {
  it('has the expected findings and no others', async () => {
    expect(compareFindings(await lintExample(), readExpectedFindings().findings)).toEqual([]);
  });

  it.each(readExpectedFindings().silent)('is silent on $function because it is judged safe, not because it is not seen', (entry) => {
    const file = path.join(exampleFolder, entry.file);
    const text = readFileSync(file, 'utf8');
    const place = projectOf({ path: file, cwd: exampleFolder, choice: { parser, sourceType: 'module' }, root: undefined });
    const { ast, scopeManager, visitorKeys } = parser.parseForESLint(text, { range: true, loc: true, sourceType: 'module' });
    const { sites } = analyseProgram({ program: ast, text, scopeManager, visitorKeys, place } as Parameters<typeof analyseProgram>[0]);
    const verdicts = sites
      .filter((site) => findEnclosingFunction(ast, site.node.range[0]) === entry.function)
      .map((site) => site.verdict);
    expect([...new Set(verdicts)]).toEqual(['safe']);
  });
});
