/**
 * The judge that is on trial: the project's engine, seen through its public entry point.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Judge, Verdict } from './judge.ts';
import { parseSource } from './executor/parse-source.ts';

/** What this judge needs of `src/index.ts`. */
interface EngineModule {
  analyseProgram(input: { program: TSESTree.Program; text: string; scopeManager: unknown }): {
    sites: readonly { node: TSESTree.Node; verdict: Verdict; reason?: string }[];
    findings: readonly { kind: string; node: TSESTree.Node }[];
  };
}

/** Loads the engine; throws when it is not there, so that an oracle run never passes for lack of a judge. */
export async function loadEngineJudge(): Promise<Judge> {
  const engine = (await import('../../src/index.ts')) as unknown as Partial<EngineModule>;
  const { analyseProgram } = engine;
  if (!analyseProgram) throw new Error('src/index.ts exports no analyseProgram');
  return (source) => {
    const { ast, scopeManager } = parseSource(source);
    const { sites, findings } = analyseProgram({ program: ast, text: source, scopeManager });
    const startsOf = (kind: string): number[] => findings.filter((finding) => finding.kind === kind).map(({ node }) => node.range[0]);
    return {
      sites: sites.map(({ node, verdict, reason }) => ({ start: node.range[0], verdict, ...(reason === undefined ? {} : { reason }) })),
      doubleReleases: startsOf('double-release'),
      usesAfterRelease: startsOf('use-after-release'),
    };
  };
}
