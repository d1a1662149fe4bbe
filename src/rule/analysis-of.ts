import type { TSESLint } from '@typescript-eslint/utils';
import { mayAcquire } from '../analysis/may-acquire.ts';
import { DRIVERS } from '../drivers/drivers.ts';
import { analyseProgram, type ProgramAnalysis } from '../index.ts';
import { readPairs } from './settings.ts';

const NOTHING: ProgramAnalysis = { findings: [], sites: [] };
const analyses = new WeakMap<object, ProgramAnalysis>();
const worth = new WeakMap<object, boolean>();

/** Whether the file is a JavaScript program that can hold an acquisition: what a rule asks before it does anything. */
export function isWorthAnalysing(context: Readonly<TSESLint.RuleContext<string, readonly unknown[]>>): boolean {
  const { sourceCode } = context;
  // All rules ask the same.
  let isWorth = worth.get(sourceCode);
  if (isWorth === undefined) {
    const pairs = readPairs(context.settings);
    // The root of another language (JSON, CSS, Markdown) is no program; a custom parser may leave out the scopes.
    const isProgram = (sourceCode.ast as { type?: string } | undefined)?.type === 'Program' && Boolean(sourceCode.scopeManager);
    isWorth = isProgram && mayAcquire(sourceCode.text, DRIVERS, pairs);
    worth.set(sourceCode, isWorth);
  }
  return isWorth;
}

/** The analysis of the file that is being linted: made once, shared by all rules. */
export function analysisOf(context: Readonly<TSESLint.RuleContext<string, readonly unknown[]>>): ProgramAnalysis {
  const { sourceCode } = context;
  let analysis = analyses.get(sourceCode);
  if (analysis === undefined) {
    analysis = sourceCode.scopeManager
      ? analyseProgram({
          program: sourceCode.ast,
          text: sourceCode.text,
          scopeManager: sourceCode.scopeManager,
          visitorKeys: sourceCode.visitorKeys,
          pairs: readPairs(context.settings),
        })
      : NOTHING;
    analyses.set(sourceCode, analysis);
  }
  return analysis;
}
