import { analyseProgram } from '../../src/index.ts';
import { analyseProgramModel } from '../../src/analysis/analyse-program.ts';
import { detectClientFinding } from '../../src/findings/detect-client-findings.ts';
import { detectManualRelease, isReleasedByHand } from '../../src/findings/detect-manual-release.ts';
import { detectRootFinding } from '../../src/findings/detect-root-findings.ts';
import { detectFindings } from '../../src/findings/detect-findings.ts';
import type { Finding, FindingKind } from '../../src/findings/finding.ts';
import { printHistory } from '../../src/findings/print-history.ts';
import { BLOCKED_REASONS } from '../../src/fixes/blocked-reason.ts';
import type { FixAnswer } from '../../src/fixes/edit-plan.ts';
import type { Reanalysis } from '../../src/fixes/fix-input.ts';
import { planClientFixes, planFixes, planInstead, planRootFixes } from '../../src/fixes/plan-fixes.ts';
import { findClientProblems } from '../../src/prisma/find-client-problems.ts';
import { judgeRoots } from '../../src/roots/judge-roots.ts';
import { ROOTS_OF_PROJECT } from '../../src/roots/root-kind.ts';
import { readSettings } from '../../src/rule/settings.ts';
import { modelOfSource, parseOf, type SourceOptions } from '../model-of-source.ts';
import { showsFixes } from './fix-fixture.ts';
import type { DescribeFixes, DescribePath } from './lint-fixture.ts';
import { stripAnnotations, type Reported } from './annotate.ts';
import { sourceTypeOf, type Fixture } from './parse-fixture.ts';
import { placeFixture, projectOfFixture } from './place-fixture.ts';

const KIND_OF_RULE: Readonly<Record<string, FindingKind>> = {
  'require-release': 'leak',
  'no-double-release': 'double-release',
  'no-use-after-release': 'use-after-release',
  'no-stored-connection': 'stored',
  'no-pool-per-call': 'root-per-call',
  'prefer-scoped-callback': 'manual-release',
  'no-multiple-prisma-clients': 'prisma-client',
};

interface KnownFinding {
  readonly finding: Finding;
  readonly fixes: () => readonly FixAnswer[];
}

let last: { readonly text: string; readonly path: string; readonly findings: readonly KnownFinding[] } | undefined;

/** The history of the finding that a report of our own rules stands for. */
export const describeFixturePath: DescribePath = (report, text, fixture) => printHistory(findingOf(report, text, fixture).finding);

/** What can be done about that finding; only the fixtures of `fixes/` show it. */
export const describeFixtureFixes: DescribeFixes = (report, text, fixture) => {
  if (!showsFixes(fixture.path)) return undefined;
  const answers = findingOf(report, text, fixture).fixes();
  const fix = answers.find((answer) => answer.kind === 'edits' && answer.safety === 'automatic');
  return answers.map((answer) =>
    answer.kind === 'blocked' ? `no fix: ${answer.form}: ${answer.reason}: ${BLOCKED_REASONS[answer.reason]}` : `${answer === fix ? 'fix' : 'suggestion'}: ${answer.title}`,
  );
};

/** Throws when there is none: every report is a finding. */
function findingOf(report: Reported, text: string, fixture: Fixture): KnownFinding {
  const found = findingsOf(text, fixture).find(
    ({ finding: { kind, node } }) => kind === KIND_OF_RULE[report.rule] && node.loc.start.line === report.line && node.loc.start.column + 1 === report.column,
  );
  if (found === undefined) throw new Error(`${fixture.path}:${report.line}: the engine has no finding for ${report.rule}`);
  return found;
}

/** All findings of a fixture, with what can be done about each. */
export function answersOfFixture(text: string, fixture: Fixture): readonly KnownFinding[] {
  return findingsOf(text, fixture);
}

function findingsOf(text: string, fixture: Fixture): readonly KnownFinding[] {
  if (last?.text === text && last.path === fixture.path) return last.findings;
  const annotated = analysedFindings(text, fixture);
  // An annotation is a comment in the way of an edit.
  const plain = stripAnnotations(text);
  const findings = plain === text ? annotated : analysedFindings(plain, fixture).map(({ fixes }, index) => ({ finding: annotated[index]!.finding, fixes }));
  last = { text, path: fixture.path, findings };
  return findings;
}

function analysedFindings(text: string, { path, settings, fixStyle: style }: Fixture): readonly KnownFinding[] {
  const { pairs, prisma, scoped: named } = readSettings(settings === undefined ? {} : { 'connection-leaks': settings });
  const place = projectOfFixture(path);
  const options: SourceOptions = { sourceType: sourceTypeOf(path), jsx: /x$/.test(path), pairs, place, path };
  const model = modelOfSource(text, options);
  const reanalyse = (other: string): Reanalysis => analyseProgram({ ...parseOf(other, options), text: other, pairs, place, path });
  const roots = judgeRoots(model, ROOTS_OF_PROJECT);
  const root = placeFixture(path)?.root;
  const module = root === undefined || prisma.module === undefined ? undefined : place?.project.resolve(`${root}/package.json`, `./${prisma.module}`);
  const scoped = named.flatMap(({ name, from }) => ({ name, path: (root && place?.project.resolve(`${root}/package.json`, `./${from}`)) ?? [] })).flatMap(({ name, path }) => (typeof path === 'string' ? { name, path } : []));
  const clients = findClientProblems({ model, roots, place, module, isOneOff: () => false });
  const outcomes = analyseProgramModel(model);
  const findings = [
    ...outcomes.flatMap((outcome) =>
      detectFindings(outcome, text).map((finding) => ({ finding, fixes: () => (outcome.site ? planFixes({ finding, outcome, outcomes, site: outcome.site, model, scoped, project: place?.project, style, reanalyse }) : []) }))),
    ...outcomes.filter(isReleasedByHand).flatMap((outcome) => {
      const plan = outcome.site && planInstead({ outcome, outcomes, site: outcome.site, model, scoped, project: place?.project });
      const finding = plan && detectManualRelease(outcome, plan.title, text);
      return finding ? [{ finding, fixes: () => planFixes({ finding, outcome, outcomes, site: outcome.site!, model, scoped, project: place?.project }) }] : [];
    }),
    ...roots.flatMap((verdict) => {
      const finding = detectRootFinding(verdict, text);
      return finding ? [{ finding, fixes: () => planRootFixes({ outcome: verdict.outcome, model }) }] : [];
    }),
    ...clients.map((problem) => ({ finding: detectClientFinding(problem, (other) => other), fixes: () => planClientFixes({ problem, model, project: place?.project }) })),
  ];
  return findings;
}
