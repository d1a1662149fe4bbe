import * as parser from '@typescript-eslint/parser';
import type { ScopeManager } from '@typescript-eslint/scope-manager';
import type { TSESTree } from '@typescript-eslint/utils';
import { mayAcquireFromProject } from '../../src/analysis/may-acquire-from-project.ts';
import { mayConstructRoot } from '../../src/analysis/may-construct-root.ts';
import { mayAcquire } from '../../src/analysis/may-acquire.ts';
import { DRIVERS } from '../../src/drivers/drivers.ts';
import { analyseProgram } from '../../src/index.ts';
import { mayMakeClient, namesClientMaker } from '../../src/prisma/client-files.ts';
import { isOneOffFile } from '../../src/rule/is-one-off-file.ts';
import { placeOfFile } from '../place-of-file.ts';
import { isMinified } from './find-source-files.ts';

/** A place in a file, 1-based as editors count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface EvaluatedSite extends Position {
  readonly endLine: number;
  readonly endColumn: number;
  readonly verdict: 'leak' | 'safe' | 'unknown';
  readonly reason: string | undefined;
}

export interface EvaluatedFinding extends Position {
  readonly rule: string;
  readonly message: string;
  readonly evidence: string;
  /** API path of the acquisition. */
  readonly api: string;
  /** The way from the acquisition to the exit, in one line. */
  readonly path: string;
  /** In a script that ends the pool or the process when it has run: the rules say nothing by default. */
  readonly runsOnce: boolean;
}

/** What became of one file. `skipped`: it names no acquisition (or is minified), so the rules do not look at it. */
export type FileOutcome =
  | { readonly kind: 'skipped' }
  | { readonly kind: 'unparsable'; readonly error: string }
  | { readonly kind: 'crash'; readonly error: string }
  | { readonly kind: 'analysed'; readonly sites: readonly EvaluatedSite[]; readonly findings: readonly EvaluatedFinding[]; readonly milliseconds: number };

const RULE_OF = {
  leak: 'require-release',
  'double-release': 'no-double-release',
  'use-after-release': 'no-use-after-release',
  stored: 'no-stored-connection',
  'prisma-client': 'no-multiple-prisma-clients',
  'root-per-call': 'no-pool-per-call',
  'manual-release': 'prefer-scoped-callback',
} as const;

/**
 * Analyses one file of the repository at `home` as the rules do when ESLint runs there, with its project. `everything`: also files that the quick look
 * at the text would leave out.
 */
export function evaluateFile(path: string, text: string, home: string, everything = false): FileOutcome {
  if (isMinified(text)) return { kind: 'skipped' };
  const place = placeOfFile(path);
  const makesClient = mayMakeClient(text) || (place !== undefined && namesClientMaker(place.project, place.path, text));
  const isWorth = makesClient || mayAcquire(text, DRIVERS, []) || mayConstructRoot(text, DRIVERS, [], () => place) || mayAcquireFromProject(text, DRIVERS, [], () => place);
  if (!everything && !isWorth) return { kind: 'skipped' };
  const clients = makesClient ? { module: undefined, isOneOff: (file: string) => isOneOffFile(file, home) } : undefined;
  const parsed = parse(path, text);
  if ('error' in parsed) return { kind: 'unparsable', error: parsed.error };
  const started = performance.now();
  try {
    const { sites, findings, runsOnce } = analyseProgram({ program: parsed.program, text, scopeManager: parsed.scopeManager, place, clients });
    return {
      kind: 'analysed',
      milliseconds: performance.now() - started,
      sites: sites.map(({ node, verdict, reason }) => ({
        ...positionOf(node), endLine: node.loc.end.line, endColumn: node.loc.end.column + 1, verdict, reason,
      })),
      findings: findings.map((finding) => ({
        ...positionOf(finding.node),
        rule: RULE_OF[finding.kind],
        message: finding.message,
        evidence: [finding.evidence, finding.evidenceFile].filter((part) => part !== undefined).join(' '),
        api: finding.path,
        path: finding.history.map((step) => `${String(step.node.loc.start.line)} ${step.text}`).join(' -> '),
        runsOnce,
      })),
    };
  } catch (error) {
    return { kind: 'crash', error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function positionOf(node: TSESTree.Node): Position {
  return { line: node.loc.start.line, column: node.loc.start.column + 1 };
}

function parse(path: string, text: string): { program: TSESTree.Program; scopeManager: ScopeManager } | { error: string } {
  try {
    const { ast, scopeManager } = parser.parseForESLint(text, {
      filePath: path,
      range: true,
      loc: true,
      comment: true,
      tokens: false,
      sourceType: /\.c[jt]s$/.test(path) ? 'commonjs' : 'module',
      ecmaFeatures: { jsx: !/\.[cm]?ts$/.test(path) },
    });
    return { program: ast as TSESTree.Program, scopeManager: scopeManager as ScopeManager };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
