/**
 * Transfer is monotone: what follows from a disjunct lies below something that follows from a larger one. On the graphs and states of
 * generated programs; the larger one is made by forgetting facts, or by no longer being exact.
 */
import { describe, expect, it } from 'vitest';
import { callShape } from '../../src/analysis/call-shape.ts';
import { printRun } from '../../src/analysis/print-run.ts';
import { Run } from '../../src/analysis/run.ts';
import { transfer } from '../../src/analysis/transfer.ts';
import { maskOf } from '../../src/analysis/value-of.ts';
import { printInstruction } from '../../src/cfg/print-graph.ts';
import { leqDisjunct, printDisjunct, type Disjunct } from '../../src/domain/disjunct.ts';
import { factOf, withFact } from '../../src/domain/facts.ts';
import { ALL, NULLISH } from '../../src/domain/value-mask.ts';
import type { CallLike } from '../../src/syntax/estree.ts';
import { generateProgram } from '../oracle/generator/generate-program.ts';
import { SeededRandom } from '../oracle/seeded-random.ts';
import { exploreRuns } from './explore-runs.ts';

interface Successor {
  readonly edge: string;
  readonly at: number;
  readonly state: Disjunct;
}

function successorsOf(run: Run, at: number, state: Disjunct): { successors: Successor[]; settles: boolean } {
  const step = new Run(run.context, run.unit, run.depth);
  const successors: Successor[] = [];
  transfer(step, run.graph.instructions[at]!, state, (edge, to, after) => successors.push({ edge, at: to, state: after }));
  return { successors, settles: [...step.settled].length > 0 };
}

/**
 * A disjunct above `state`: some facts are weaker, some forgotten. Of a place with a domain (`ProgramModel.domains`), "nothing is known" means
 * the domain and not everything: where the program assigned something outside it, forgetting that is no step up.
 */
function above(run: Run, state: Disjunct, random: SeededRandom): Disjunct {
  let { facts } = state;
  for (let index = 0; index < state.facts.length; index += 2) {
    const key = state.facts[index]!;
    if ((factOf(facts, key) & ~(run.context.model.domains.get(key) ?? ALL)) !== 0) continue;
    if (random.chance(0.3)) facts = withFact(facts, key, ALL);
    else if (random.chance(0.3)) facts = withFact(facts, key, factOf(facts, key) | (1 << random.below(8)));
  }
  return { ...state, facts, exact: state.exact && random.chance(0.7) };
}

/**
 * The one exception, by convention: a method called on what is known to be null or undefined throws, on what nothing is known of it is
 * assumed not to (reading a property never throws; the call then throws as its row says, or its `await` does).
 */
function isCalledOnNothing(run: Run, at: number, state: Disjunct): boolean {
  const instruction = run.graph.instructions[at]!;
  const receiver = instruction.op === 'call' ? callShape(instruction.node as CallLike).receiver : undefined;
  return receiver !== undefined && (maskOf(run.context.model, state, receiver) & ~NULLISH) === 0;
}

/** What is lost on the way from `smaller` to `larger`, in words; undefined when nothing is. */
function findLoss(run: Run, at: number, smaller: Disjunct, larger: Disjunct): string | undefined {
  const before = successorsOf(run, at, smaller);
  const after = successorsOf(run, at, larger);
  // A larger disjunct may lose sight of the obligation: that is silence, which is above everything.
  if (after.settles && !before.settles) return undefined;
  const lost = before.successors.find(
    (one) =>
      !after.successors.some((other) => other.at === one.at && other.edge === one.edge && leqDisjunct(one.state, other.state)) &&
      !(one.edge === 'thrown' && isCalledOnNothing(run, at, smaller) && !isCalledOnNothing(run, at, larger)),
  );
  if (lost === undefined) return undefined;
  const { places, text } = run.context.model;
  return [
    text, printInstruction(run.graph.instructions[at]!, text),
    `from        ${printDisjunct(smaller, places)}`, `or above    ${printDisjunct(larger, places)}`,
    `${lost.edge} lost   ${printDisjunct(lost.state, places)}`,
    ...after.successors.map((one) => `only there  ${one.edge} ${printDisjunct(one.state, places)}`),
  ].join('\n');
}

describe('transfer', () => {
  it('is monotone on the states of 200 generated programs', () => {
    const random = new SeededRandom(5);
    const losses: string[] = [];
    let compared = 0;
    for (let index = 0; index < 200; index++) {
      for (const run of exploreRuns(generateProgram(29, index).source)) {
        for (const instruction of run.graph.instructions) {
          for (const { state } of run.arrivalsAt(instruction.id)) {
            const loss = findLoss(run, instruction.id, state, above(run, state, random));
            compared++;
            if (loss !== undefined) losses.push(loss);
          }
        }
      }
    }
    expect(losses.slice(0, 3).join('\n\n')).toBe('');
    expect(compared).toBeGreaterThan(5000);
  });

  it('gives the same states again when it is run again', () => {
    for (let index = 0; index < 30; index++) {
      const { source } = generateProgram(31, index);
      expect(exploreRuns(source).map(printRun)).toEqual(exploreRuns(source).map(printRun));
    }
  });
});
