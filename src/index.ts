/** The engine: source text → syntax → bindings → graph → effects → states → findings. It imports nothing of ESLint at run time. */
import { analyseProgramModel } from './analysis/analyse-program.ts';
import { linkModels, type ProjectPlace } from './analysis/linked-models.ts';
import type { ModelInput } from './analysis/program-model.ts';
import { runsOnce } from './analysis/runs-once.ts';
import type { Driver } from './drivers/driver.ts';
import { DRIVERS } from './drivers/drivers.ts';
import type { SiteOutcome } from './analysis/analyse-program.ts';
import { detectClientFinding } from './findings/detect-client-findings.ts';
import { detectManualRelease, isReleasedByHand } from './findings/detect-manual-release.ts';
import { detectRootFinding } from './findings/detect-root-findings.ts';
import { detectFindings, verdictOf } from './findings/detect-findings.ts';
import type { Finding, SiteVerdict } from './findings/finding.ts';
import type { Pair } from './drivers/generic.ts';
import type { FixAnswer } from './fixes/edit-plan.ts';
import type { FixStyle } from './fixes/fix-style.ts';
import type { Reanalysis, ScopedFunction } from './fixes/fix-input.ts';
import { planClientFixes, planFixes, planInstead, planRootFixes } from './fixes/plan-fixes.ts';
import { findClientProblems, type ClientsInput } from './prisma/find-client-problems.ts';
import { judgeRoots } from './roots/judge-roots.ts';
import { ROOTS_OF_PROJECT } from './roots/root-kind.ts';
import { mayConstructRoot } from './analysis/may-construct-root.ts';
import { VISITOR_KEYS } from './syntax/visitor-keys.ts';

export type { Finding, FindingKind, HistoryStep, LeakCause, LeakFinding, SiteVerdict } from './findings/finding.ts';
export type { Edit, EditPlan, FixAnswer } from './fixes/edit-plan.ts';
export type { Pair } from './drivers/generic.ts';

export interface AnalysisInput extends Pick<ModelInput, 'program' | 'text' | 'scopeManager'> {
  /** The parser's visitor keys; a node type they do not know is searched field by field. */
  readonly visitorKeys?: ModelInput['visitorKeys'];
  /** Pairs named by the user. */
  readonly pairs?: readonly Pair[];
  /** The tables of libraries; absent: those of the plugin. */
  readonly drivers?: readonly Driver[];
  /** What a type checker knows of the file, when the parser offers one: another proof of what a receiver is, never needed. */
  readonly types?: ModelInput['types'];
  /** The project of the file, when what lies in other files is to be followed; absent, the file stands alone. */
  readonly place?: ProjectPlace | undefined;
  /** Functions of the project that lend a connection, for fixes; asked when one is planned. */
  readonly scoped?: (() => readonly ScopedFunction[]) | undefined;
  /** The name of the file, where it stands alone: it says which language it is written in. */
  readonly path?: string | undefined;
  /** What is to be known of PrismaClients; absent: they are not looked at. */
  readonly clients?: Pick<ClientsInput, 'module' | 'isOneOff'> | undefined;
  /** Parses another text for the same file, as the file itself was parsed: fixes that nest functions differently are analysed before they are offered. Absent: there are none of those. */
  readonly parse?: ((text: string) => Pick<ModelInput, 'program' | 'scopeManager' | 'visitorKeys'> | undefined) | undefined;
}

/** What was found in a file: the findings, and the verdict on every acquisition. */
export interface ProgramAnalysis {
  readonly findings: readonly Finding[];
  readonly sites: readonly SiteVerdict[];
  /** Whether there are findings, but in a script that ends the pool or the process when it has run: they do no harm. */
  readonly runsOnce: boolean;
  /** What can be done about one of the findings: for each form of fix the edits, or why there are none; the best first. Made when it is asked for. */
  readonly fixesOf: (finding: Finding, style?: readonly FixStyle[]) => readonly FixAnswer[];
  /** What is right, and could be written with a callback; found when it is asked for. */
  readonly manualReleases: () => readonly Finding[];
}

/**
 * A function that misuses what it is given does so for each caller that gives it something, and an object may be opened by several calls, each
 * where it is not open yet: one finding will do.
 */
function withoutDoubles(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding, index) => findings.findIndex((other) => isSame(other, finding)) === index);
}

function isSame(left: Finding, right: Finding): boolean {
  if (left.kind === 'leak' && right.kind === 'leak' && left.origin !== undefined && left.origin === right.origin) return true;
  return left.kind === right.kind && left.node === right.node;
}

/** Plans what can be done about one finding, in the forms that are wanted. */
type FixPlanner = (style?: readonly FixStyle[]) => readonly FixAnswer[];

/** How many other texts of one file are analysed: what is planned beyond has no edit. A file that leaks in a hundred callbacks is not to cost a hundred times its analysis. */
const MAX_REANALYSES = 60;

/**
 * The analysis of other texts for the file; undefined where they are too many. What a type checker knows of the file, it does not know of them. The first one (the text as it is) and the last one are kept: a plan asks
 * again for what it just made.
 */
function reanalysisOf(input: AnalysisInput): (text: string) => Reanalysis | undefined {
  let first: { readonly text: string; readonly found: Reanalysis | undefined } | undefined;
  let last = first;
  let count = 0;
  return (text) => {
    if (text === first?.text) return first.found;
    if (text === last?.text) return last.found;
    if (count++ >= MAX_REANALYSES) return undefined;
    const parsed = input.parse?.(text);
    last = { text, found: parsed && analyseProgram({ ...input, ...parsed, text, types: undefined, clients: undefined }) };
    first ??= last;
    return last.found;
  };
}

/** Analyses one parsed file. Throws only on a defect of the engine (an invariant). */
export function analyseProgram(input: AnalysisInput): ProgramAnalysis {
  const { program, text, scopeManager, visitorKeys = VISITOR_KEYS, pairs = [], drivers = DRIVERS, types } = input;
  const model = linkModels({ program, text, scopeManager, visitorKeys, drivers, pairs, types, path: input.path }, input.place);
  const outcomes = analyseProgramModel(model);
  const roots = input.clients !== undefined ? judgeRoots(model, ROOTS_OF_PROJECT) : mayConstructRoot(text, drivers, pairs, () => input.place) ? judgeRoots(model) : [];
  const clients = input.clients === undefined ? [] : findClientProblems({ model, roots, place: input.place, ...input.clients });
  const reanalyse = reanalysisOf(input);
  /** What can be done about each finding; planned when it is asked for. */
  const plans = new Map<Finding, FixPlanner>();
  const withFixes = <Found extends Finding>(finding: Found, plan: FixPlanner): Found => {
    plans.set(finding, plan);
    return finding;
  };
  const plansOf = (finding: Finding, outcome: SiteOutcome): FixPlanner => (style) =>
    outcome.site === undefined ? [] : planFixes({ finding, outcome, outcomes, site: outcome.site, model, scoped: input.scoped?.(), project: input.place?.project, style, reanalyse });
  const leaks = withoutDoubles([
    ...outcomes.flatMap((outcome) => detectFindings(outcome, text).map((finding) => withFixes(finding, plansOf(finding, outcome)))),
    ...roots.flatMap((verdict) => {
      const finding = detectRootFinding(verdict, text);
      return finding === undefined ? [] : withFixes(finding, () => planRootFixes({ outcome: verdict.outcome, model }));
    }),
  ]);
  const nameFile = (path: string): string => model.bindings.seenFromHere(path) ?? path;
  const findings = [
    ...leaks,
    ...clients.map((problem) => withFixes(detectClientFinding(problem, nameFile), () => planClientFixes({ problem, model, project: input.place?.project }))),
  ];
  const manualReleases = (): Finding[] => outcomes.filter(isReleasedByHand).flatMap((outcome) => {
    const plan = outcome.site && planInstead({ outcome, outcomes, site: outcome.site, model, scoped: input.scoped?.(), project: input.place?.project });
    const finding = plan && detectManualRelease(outcome, plan.title, text);
    return finding === undefined ? [] : withFixes(finding, plansOf(finding, outcome));
  });
  const fixesOf: ProgramAnalysis['fixesOf'] = (finding, style) => plans.get(finding)?.(style) ?? [];
  return { findings, sites: outcomes.map(verdictOf), runsOnce: leaks.length > 0 && runsOnce(model), fixesOf, manualReleases };
}
