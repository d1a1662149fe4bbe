/** The runs that follow each acquisition of a program, for tests that look at states. */
import { findAcquisitionCalls } from '../../src/analysis/acquisition-calls.ts';
import { AnalysisContext } from '../../src/analysis/analysis-context.ts';
import { acquiringInstructions, factsBefore, startsAfter } from '../../src/analysis/hand-outs.ts';
import { Run } from '../../src/analysis/run.ts';
import { START } from '../../src/domain/disjunct.ts';
import { modelOfSource, type SourceOptions } from '../model-of-source.ts';

/** One run per acquisition, from the states just after it to the exits; and before them, the run that gathers facts, per unit. */
export function exploreRuns(source: string, options?: SourceOptions): Run[] {
  const model = modelOfSource(source, options);
  const context = new AnalysisContext(model);
  const calls = findAcquisitionCalls(model);
  const runs: Run[] = [];
  for (const unit of calls.byUnit.keys()) {
    const before = factsBefore(context, unit, START, 0);
    runs.push(before);
    for (const { instruction, call } of acquiringInstructions(context, calls, unit)) {
      const starts = before.arrivalsAt(instruction.id).flatMap(({ state }) => startsAfter(context, calls, instruction, call, state, 0));
      if (starts.length > 0) runs.push(new Run(context, unit, 0).explore(starts));
    }
  }
  return runs;
}
