/**
 * Every disagreement that was ever found is executed and judged anew: the engine must now agree with the executions.
 */
import { describe, expect, it } from 'vitest';
import { compareProgram, THOROUGH_LIMITS } from './compare-verdicts.ts';
import { judgeByEngine } from './engine-judge.ts';
import { findGroundTruth } from './executor/ground-truth.ts';
import { readFoundFixtures } from './found-fixture.ts';

const fixtures = readFoundFixtures();

describe('found by the oracle', () => {
  it.each(fixtures)('$name', async ({ source }) => {
    const truth = await findGroundTruth(source, THOROUGH_LIMITS);
    expect(truth.isExhaustive).toBe(true);
    expect(truth.acquisitions.size).toBeGreaterThan(0);
    const { disagreements } = await compareProgram(source, judgeByEngine);
    expect(disagreements).toEqual([]);
  }, 60_000);
});
