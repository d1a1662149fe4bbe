import type { TSESLint } from '@typescript-eslint/utils';
import { mayAcquire } from '../analysis/may-acquire.ts';
import { DRIVERS } from '../drivers/drivers.ts';
import { analyseProgram, type ProgramAnalysis } from '../index.ts';
import { readPairs } from './settings.ts';

const NOTHING: ProgramAnalysis = { findings: [], sites: [], runsOnce: false };
const analyses = new WeakMap<object, ProgramAnalysis>();

/** Whether the file is a JavaScript program that can hold an acquisition: what a rule asks before it does anything. */
export function isWorthAnalysing(context: Readonly<TSESLint.RuleContext<string, readonly unknown[]>>): boolean {
  const pairs = readPairs(context.settings);
  const { sourceCode } = context;
  // The root of another language (JSON, CSS, Markdown) is no program; a custom parser may leave out the scopes.
  if ((sourceCode.ast as { type?: string } | undefined)?.type !== 'Program' || !sourceCode.scopeManager) return false;
  return mayAcquire(sourceCode.text, DRIVERS, pairs);
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
