import { analyseProgramModel } from '../../src/analysis/analyse-program.ts';
import { detectClientFinding } from '../../src/findings/detect-client-findings.ts';
import { detectRootFinding } from '../../src/findings/detect-root-findings.ts';
import { detectFindings } from '../../src/findings/detect-findings.ts';
import type { Finding, FindingKind } from '../../src/findings/finding.ts';
import { printHistory } from '../../src/findings/print-history.ts';
import { findClientProblems } from '../../src/prisma/find-client-problems.ts';
import { judgeRoots } from '../../src/roots/judge-roots.ts';
import { ROOTS_OF_PROJECT } from '../../src/roots/root-kind.ts';
import { readSettings } from '../../src/rule/settings.ts';
import { modelOfSource } from '../model-of-source.ts';
import type { DescribePath } from './lint-fixture.ts';
import { sourceTypeOf, type Fixture } from './parse-fixture.ts';
import { placeFixture, projectOfFixture } from './place-fixture.ts';

const KIND_OF_RULE: Readonly<Record<string, FindingKind>> = {
  'require-release': 'leak',
  'no-double-release': 'double-release',
  'no-use-after-release': 'use-after-release',
  'no-stored-connection': 'stored',
  'no-pool-per-call': 'root-per-call',
  'no-multiple-prisma-clients': 'prisma-client',
};

let last: { readonly text: string; readonly path: string; readonly findings: readonly Finding[] } | undefined;

/** The history of the finding that a report of our own rules stands for. Throws when there is none: every report is a finding. */
export const describeFixturePath: DescribePath = (report, text, fixture) => {
  const finding = findingsOf(text, fixture).find(
    ({ kind, node }) => kind === KIND_OF_RULE[report.rule] && node.loc.start.line === report.line && node.loc.start.column + 1 === report.column,
  );
  if (finding === undefined) throw new Error(`${fixture.path}:${report.line}: the engine has no finding for ${report.rule}`);
  return printHistory(finding);
};

function findingsOf(text: string, { path, settings }: Fixture): readonly Finding[] {
  if (last?.text === text && last.path === path) return last.findings;
  const { pairs, prisma } = readSettings(settings === undefined ? {} : { 'connection-leaks': settings });
  const place = projectOfFixture(path);
  const model = modelOfSource(text, { sourceType: sourceTypeOf(path), jsx: /x$/.test(path), pairs, place });
  const roots = judgeRoots(model, ROOTS_OF_PROJECT);
  const root = placeFixture(path)?.root;
  const module = root === undefined || prisma.module === undefined ? undefined : place?.project.resolve(`${root}/package.json`, `./${prisma.module}`);
  const clients = findClientProblems({ model, roots, place, module, isOneOff: () => false });
  const findings = [
    ...analyseProgramModel(model).flatMap((outcome) => detectFindings(outcome, text)),
    ...roots.flatMap((verdict) => detectRootFinding(verdict, text) ?? []),
    ...clients.map((problem) => detectClientFinding(problem, (other) => other)),
  ];
  last = { text, path, findings };
  return findings;
}
