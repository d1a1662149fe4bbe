/**
 * Judges that are wrong on purpose, to prove that the comparison catches wrong judges both ways.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { calleeName } from './executor/call-site-table.ts';
import { parseProgram } from './executor/parse-source.ts';
import { isNode } from './executor/source-rewriter.ts';
import type { Judge, Verdict } from './judge.ts';

const ACQUIRES = /^(connect|getConnection|getconn|acquireConnection|get_db_connection)$/;
const RELEASES = /^(release|end|destroy|releaseConnection|putconn|release_db_connection)$/;

function callsNamed(source: string, name: RegExp): number[] {
  const found: number[] = [];
  for (const { ast, visitorKeys, base } of parseProgram(source)) {
    const visit = (node: TSESTree.Node): void => {
      if (node.type === 'CallExpression' && name.test(calleeName(node.callee) ?? '')) found.push(node.range[0] + base);
      for (const key of visitorKeys[node.type] ?? []) {
        const value = (node as unknown as Record<string, unknown>)[key];
        for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child);
      }
    };
    visit(ast);
  }
  return found;
}

function everySite(source: string, verdict: Verdict): { start: number; verdict: Verdict; reason: string }[] {
  return callsNamed(source, ACQUIRES).map((start) => ({ start, verdict, reason: 'stub' }));
}

export const STUB_JUDGES: Readonly<Record<string, Judge>> = {
  'always-leak': (source) => ({ sites: everySite(source, 'leak'), doubleReleases: [], usesAfterRelease: [] }),
  'never-leak': (source) => ({ sites: everySite(source, 'safe'), doubleReleases: [], usesAfterRelease: [] }),
  'always-unknown': (source) => ({ sites: everySite(source, 'unknown'), doubleReleases: [], usesAfterRelease: [] }),
  /** The mistake of pair matching: a release anywhere makes everything safe. */
  'release-anywhere': (source) => ({
    sites: everySite(source, callsNamed(source, RELEASES).length > 0 ? 'safe' : 'leak'),
    doubleReleases: [],
    usesAfterRelease: [],
  }),
  'every-release-is-double': (source) => ({
    sites: everySite(source, 'unknown'),
    doubleReleases: callsNamed(source, RELEASES),
    usesAfterRelease: [],
  }),
  'every-query-is-late': (source) => ({
    sites: everySite(source, 'unknown'),
    doubleReleases: [],
    usesAfterRelease: callsNamed(source, /^(query|execute)$/),
  }),
};
