/**
 * The oracle as a whole: wrong judges are caught both ways, a judge that tells the truth is not, and what is found is
 * shrunk to something readable.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareVerdicts } from './compare-verdicts.ts';
import { prepareProgram } from './executor/executable-program.ts';
import { findGroundTruth, ReplayChooser, type GroundTruth } from './executor/ground-truth.ts';
import { readFoundFixtures, writeFoundFixture } from './found-fixture.ts';
import { generateProgram } from './generator/generate-program.ts';
import type { Judgement } from './judge.ts';
import { minimiseProgram } from './minimise-program.ts';
import { runOracle, type OracleReport } from './oracle-run.ts';
import { STUB_JUDGES } from './stub-judges.ts';
import { pgMain } from './truth-of.ts';

async function tryJudge(name: string, programs = 80): Promise<OracleReport> {
  const judge = STUB_JUDGES[name];
  if (!judge) throw new Error(name);
  return runOracle({ seed: 5, programs, family: 'core', judge, maxMinimised: 1 });
}

const kindsOf = (report: OracleReport): Set<string> => new Set(report.disagreements.map(({ disagreement }) => disagreement.kind));

/** The judgement of someone who knows the executions. */
function truthful(truth: GroundTruth): Judgement {
  const proven = (kind: string): number[] => truth.evidence.filter((item) => item.kind === kind && item.isProven).map((item) => item.start);
  const leaks = new Set(proven('leak'));
  const starts = new Set([...truth.acquisitions, ...leaks]);
  return {
    sites: [...starts].map((start) => ({ start, verdict: leaks.has(start) ? 'leak' : 'safe' })),
    doubleReleases: proven('double-release'),
    usesAfterRelease: proven('use-after-release'),
  };
}

describe('wrong judges are caught', () => {
  it.each([
    ['always-leak', ['false-leak']],
    ['never-leak', ['missed-leak', 'missed-double-release', 'missed-use-after-release']],
    ['release-anywhere', ['missed-leak']],
    ['every-release-is-double', ['false-double-release']],
    ['every-query-is-late', ['false-use-after-release']],
  ])('%s', async (name, expected) => {
    const report = await tryJudge(name);
    expect([...kindsOf(report)]).toEqual(expect.arrayContaining(expected));
    expect(report.failures).toEqual([]);
  }, 60_000);

  it('a judge that never commits itself has its silences counted by reason', async () => {
    const report = await tryJudge('always-unknown', 50);
    expect(report.unknown.get('stub')).toBeGreaterThan(0.5 * report.sites);
  }, 60_000);

  it('one wrong verdict in an otherwise truthful judgement is one disagreement', async () => {
    let flipped = 0;
    for (let index = 0; index < 60; index++) {
      const truth = await findGroundTruth(generateProgram(23, index).source);
      const judgement = truthful(truth);
      expect(compareVerdicts(truth, judgement).disagreements).toEqual([]);
      for (const [position, site] of judgement.sites.entries()) {
        const sites = judgement.sites.map((other, at) => (at === position ? { start: site.start, verdict: site.verdict === 'leak' ? 'safe' as const : 'leak' as const } : other));
        const found = compareVerdicts(truth, { ...judgement, sites }).disagreements;
        const isAdmissible = site.verdict === 'safe' && (truth.admissible.leak.has(site.start) || !truth.isExhaustive);
        const hasSubstitute = truth.evidence.some((item) => item.kind === 'leak' && item.start === site.start && [...item.substitutes].some((start) => sites.some((other) => other.start === start && other.verdict === 'leak')));
        expect(found.map(({ kind, start }) => ({ kind, start }))).toEqual(
          isAdmissible || hasSubstitute ? [] : [{ kind: site.verdict === 'leak' ? 'missed-leak' : 'false-leak', start: site.start }],
        );
        flipped++;
      }
    }
    expect(flipped).toBeGreaterThan(60);
  }, 60_000);
});

describe('what is found', () => {
  it('is shrunk to a readable fixture of the same kind, with its witness', async () => {
    const report = await tryJudge('never-leak');
    const found = report.disagreements.find(({ minimised, disagreement }) => minimised && disagreement.kind === 'missed-leak');
    expect(found?.minimised?.source.length).toBeLessThan((found?.source.length ?? 0) / 1.5);
    expect(found?.minimised?.disagreement.kind).toBe(found?.disagreement.kind);
    expect(found?.minimised?.disagreement.witness?.choices.length).toBeGreaterThan(0);
    const folder = mkdtempSync(join(tmpdir(), 'oracle-'));
    try {
      if (found) writeFoundFixture(found, 5, folder);
      const [fixture] = readFoundFixtures(folder);
      expect(fixture?.source).toContain(found?.minimised?.source);
      expect(fixture?.source).toMatch(/^\/\/ missed-leak: /);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);

  it('shrinks to the statements that matter', async () => {
    const source = pgMain('step(1);\nif (cond(2)) { await work(3); }\nconst c = await pool.connect();\ntry { for (const x of items(4)) { step(5); } await c.query("a"); } catch (error) { console.log(error); throw error; }\nc.release();\nconsole.log("done");');
    const leaks = async (text: string): Promise<boolean> => {
      const { evidence } = await findGroundTruth(text);
      return text.includes('.release()') && evidence.some(({ kind, isProven }) => kind === 'leak' && isProven);
    };
    const small = await minimiseProgram(source, leaks);
    expect(small).toBe(
      `import { Pool } from 'pg'; const pool = new Pool();\nexport async function main() {\n  const c = await pool.connect();\n  await c.query("a");\n  c.release();\n}\n`,
    );
  });

  it('does not take a declaration away from its uses', async () => {
    const small = await minimiseProgram(pgMain('const a = 1;\nstep(a);'), async (text) => text.includes('step(a)'));
    expect(small).toContain('const a');
  });
});

describe('executions are keyed by call', () => {
  it('a witness replays on an edited program', async () => {
    const before = pgMain('const c = await pool.connect();\nif (cond(1)) step(2);\nawait c.query("q3");\nc.release();');
    const { evidence } = await findGroundTruth(before);
    const witness = evidence[0]?.witness;
    expect(witness?.choices.map(({ key }) => key)).toContain('connect()#1');
    const after = before.replace('await c.query("q3");', 'step(9);\nawait c.query("q3");').replace(/\n/g, '\n\n');
    const program = prepareProgram(after);
    const [entry] = program.entries;
    if (!entry) throw new Error('no entry');
    const result = await program.run(entry, new ReplayChooser(witness?.choices ?? [], program));
    expect(result.events.map(({ kind }) => kind)).toEqual(['leak']);
  });
});
