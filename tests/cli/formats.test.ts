import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validateSarif } from './validate-sarif.ts';
import { createProject, LEAK, type ScannedProject } from './scanned-project.ts';

let project: ScannedProject;
beforeAll(() => {
  project = createProject({ 'src/a b.ts': LEAK });
});
afterAll(() => project.remove());

interface Sarif {
  version: string;
  runs: {
    tool: { driver: { rules: { id: string }[] } };
    results: {
      ruleId: string;
      ruleIndex: number;
      partialFingerprints: Record<string, string>;
      locations: { physicalLocation: { artifactLocation: object; region: object } }[];
      codeFlows: { threadFlows: { locations: { location: { message: { text: string }; physicalLocation: { region: { startLine: number } } } }[] }[] }[];
    }[];
  }[];
}

const sarifOf = async (): Promise<Sarif> => JSON.parse((await project.run('--format', 'sarif')).out) as Sarif;

describe('SARIF', () => {
  it('is valid by its schema, with findings, without any, and with a file that cannot be read', async () => {
    const other = createProject({ 'src/leak.ts': LEAK, 'empty/empty.ts': '', 'broken/broken.ts': 'const = ;' });
    const [withFindings, without, unread] = await Promise.all(['src', 'empty', 'broken'].map(async (path) => (await other.run('--format', 'sarif', path)).out));
    other.remove();
    expect(withFindings).toContain('codeFlows');
    expect(unread).toContain('toolExecutionNotifications');
    for (const log of [withFindings!, without!, unread!]) expect(validateSarif(log)).toEqual([]);
    // The validator does find what is wrong.
    expect(validateSarif(withFindings!.replaceAll('"executionOrder": 1', '"executionOrder": "first"'))).not.toEqual([]);
    expect(validateSarif(withFindings!.replace('"ruleId"', '"rule"'))).not.toEqual([]);
  });

  it('has the rule, the place relative to the root, and the way as a code flow', async () => {
    const { version, runs } = await sarifOf();
    const [result] = runs[0]!.results;
    expect(version).toBe('2.1.0');
    expect(runs[0]!.tool.driver.rules[result!.ruleIndex]!.id).toBe('connection-leaks/require-release');
    expect(result!.locations[0]!.physicalLocation).toEqual({
      artifactLocation: { uri: 'src/a%20b.ts', uriBaseId: 'SRCROOT' },
      region: { startLine: 6, startColumn: 24, endLine: 6, endColumn: 38 },
    });
    const steps = result!.codeFlows[0]!.threadFlows[0]!.locations.map(({ location }) => [location.physicalLocation.region.startLine, location.message.text]);
    expect(steps).toEqual([
      [6, 'acquired by pool.connect()'],
      [7, "client.query('…') throws, leaves with the error"],
    ]);
  });

  it('has fingerprints that stay when lines above move, and differ where two findings are alike', async () => {
    const fingerprintsOf = async (): Promise<string[]> => (await sarifOf()).runs[0]!.results.map(({ partialFingerprints }) => partialFingerprints['connectionLeak/v1']!);
    const before = await fingerprintsOf();
    project.write({ 'src/a b.ts': `// A line more.\n\n${LEAK}` });
    expect(await fingerprintsOf()).toEqual(before);
    project.write({ 'src/a b.ts': LEAK + LEAK.slice(LEAK.indexOf('export')).replace('count', 'again') });
    const [first, second] = await fingerprintsOf();
    expect(first).toBe(before[0]);
    expect(second).toMatch(/^[0-9a-f]{40}$/);
    expect(second).not.toBe(first);
    project.write({ 'src/a b.ts': LEAK });
  });
});

it('annotations of GitHub are one line each, with what separates them escaped', async () => {
  const { out } = await project.run('--format', 'github');
  expect(out).toBe(
    '::error file=src/a b.ts,line=6,endLine=6,col=24,endColumn=38,title=connection-leaks/require-release::`client` from `pool.connect()` is not released if ' +
      "`client.query('…')` on line 7 throws. Release it in a `finally` block (`client.release()`).\n",
  );
});

it('the code quality report of GitLab has what GitLab asks for', async () => {
  const issues = JSON.parse((await project.run('--format', 'gitlab')).out) as object[];
  expect(issues).toEqual([
    {
      description: expect.stringContaining('is not released') as string,
      check_name: 'connection-leaks/require-release',
      fingerprint: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
      severity: 'major',
      location: { path: 'src/a b.ts', lines: { begin: 6, end: 6 } },
    },
  ]);
});

it('the page is one file: no address outside it is loaded, and the source cannot end its script', async () => {
  project.write({ 'src/a b.ts': LEAK.replace('select count(*) from orders', '</script><script>alert(1)</script>') });
  const { out } = await project.run('--format', 'html');
  project.write({ 'src/a b.ts': LEAK });
  expect(out).not.toMatch(/(?:src|href)=|@import|url\(/);
  expect(out.match(/<\/script>/g)).toHaveLength(2);
  const data = JSON.parse(/<script id="data" type="application\/json">(.*)<\/script>/.exec(out)![1]!) as { findings: { line: number; steps: object[] }[] };
  expect(data.findings).toMatchObject([{ line: 6, library: 'pg', steps: [{ line: 6 }, { line: 7 }] }]);
});
