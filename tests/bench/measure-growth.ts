/** How the cost of the analysis grows with the size of what is analysed. */
import { parseForESLint } from '@typescript-eslint/parser';
import type { analyseProgram } from '../../src/index.ts';
import type { GrowingProgram } from './growing-programs.ts';
import { interleave, type InterleaveOptions, type Step } from './interleave.ts';

/** The time for twice the size, as a multiple of the time for the size. */
export function measureGrowth(analyse: typeof analyseProgram, program: GrowingProgram, options: InterleaveOptions): number {
  const ratios = interleave(
    {
      single: [analyseText(analyse, program.write(program.size))],
      double: [analyseText(analyse, program.write(2 * program.size))],
    },
    options,
  );
  return ratios.double;
}

/** Parses once, analyses on every call, and gives the number of sites and findings. */
function analyseText(analyse: typeof analyseProgram, text: string): Step {
  const { ast, scopeManager, visitorKeys } = parseForESLint(text, { range: true, loc: true, sourceType: 'module', jsDocParsingMode: 'none' });
  return () => {
    const { sites, findings } = analyse({ program: ast, text, scopeManager, visitorKeys: visitorKeys as Record<string, readonly string[]> });
    if (sites.length === 0) throw new Error('nothing to analyse');
    return sites.length + findings.length;
  };
}
