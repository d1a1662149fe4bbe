import type { EditPlan, FixAnswer } from './edit-plan.ts';
import type { ProgramModel } from '../analysis/program-model.ts';
import type { Project } from '../project/project.ts';
import { hotReloadOf } from '../prisma/frameworks.ts';
import { clientGuardOf } from './client-guard.ts';
import type { AcquisitionInput, ClientFixInput, FixInput, RootFixInput } from './fix-input.ts';
import { inStyle } from './fix-style.ts';
import { planAwaitUsing } from './plan-await-using.ts';
import { planCallbackRelease } from './plan-callback-release.ts';
import { planFinallyReaction } from './plan-finally-reaction.ts';
import { planGlobalClient } from './plan-global-client.ts';
import { planMadeOnce } from './plan-made-once.ts';
import { planNewCallback } from './plan-new-callback.ts';
import { planReleaseAtOnce } from './plan-release-at-once.ts';
import { planReleaseOnFailure } from './plan-release-on-failure.ts';
import { planSingleRelease } from './plan-single-release.ts';
import { planSharedClient } from './plan-shared-client.ts';
import { planPerOperation } from './plan-per-operation.ts';
import { planOwnCallback, planScopedCallback } from './plan-scoped-callback.ts';
import { planSingleShot } from './plan-single-shot.ts';
import { planTryFinally } from './plan-try-finally.ts';

/** What can be done about a finding: for each form the edits, or why there are none; the best first. Made when it is asked for, never before. */
export function planFixes(input: FixInput): readonly FixAnswer[] {
  switch (input.finding.kind) {
    case 'manual-release':
      return callbacksOf(input);
    case 'leak':
      return plansOfLeak(input);
    case 'stored': {
      const { finding } = input;
      return [planPerOperation({ ...input, finding })];
    }
    case 'double-release':
    case 'use-after-release': {
      const { finding } = input;
      return [planSingleRelease({ ...input, finding }), planTryFinally(input, 'release later')];
    }
    default:
      return [];
  }
}

/** What can be done about a PrismaClient. */
export function planClientFixes(input: ClientFixInput): readonly FixAnswer[] {
  const { problem, model, project } = input;
  switch (problem.kind) {
    case 'duplicate':
      return [planSharedClient(input, problem.isOwn ? problem.other : undefined)];
    case 'per-run': {
      // One of the same file need not be exported.
      const own = problem.own ?? problem.others.find(({ site }) => site.model === model);
      const shared = planSharedClient(input, own);
      const { runs, construction } = problem.site;
      if (problem.others.length > 0 || runs.often !== 'many') return [shared];
      const isReloaded = isLoadedAnew(model, project);
      const guard = (name: string): ReturnType<typeof clientGuardOf> | undefined =>
        isReloaded ? (construction.type === 'NewExpression' ? clientGuardOf(model, project, construction, name) : 'made by a function') : undefined;
      return [planMadeOnce({ outcome: runs.verdict.outcome, model }, guard)];
    }
    case 'hot-reload':
    case 'broken':
      return [planGlobalClient(input)];
    case 'pool-outside':
      return [];
  }
}

/** What can be done about a root that is made on each call. */
export function planRootFixes(input: RootFixInput): readonly FixAnswer[] {
  return [planMadeOnce(input)];
}

/** Whether a framework loads the modules of the package anew after a change. */
function isLoadedAnew(model: ProgramModel, project: Project | undefined): boolean {
  const directory = project?.tree?.packageOf(model.path);
  return directory !== undefined && hotReloadOf(project?.tree?.dependenciesOf(directory) ?? new Set()) !== undefined;
}

/** The call with a callback that does what the code does by hand, where one can be written. */
export function planInstead(input: AcquisitionInput): EditPlan | undefined {
  return callbacksOf(input).find((answer) => answer.kind === 'edits');
}

/** Where the release is put by hand; what has to be analysed again is planned only where there is no block. */
function plansByHand(input: FixInput): (FixAnswer | undefined)[] {
  const block = planTryFinally(input);
  return block.kind === 'edits' ? [block] : [block, planFinallyReaction(input), planCallbackRelease(input)];
}

/** Only the forms that the library, or the project, has; and one that it could have. */
function plansOfLeak(input: FixInput): readonly FixAnswer[] {
  const callbacks = callbacksOf(input);
  const { scoped, ending } = input.site.acquisition.type;
  const isTransaction = ending === 'commit or rollback' && scoped?.[0]?.gives !== undefined;
  const added = planNewCallback(input);
  const atOnce = planReleaseAtOnce(input);
  const byHand = isTransaction ? [] : plansByHand(input);
  const planned = [planSingleShot(input), ...callbacks, atOnce, planReleaseOnFailure(input), ...byHand, added].filter((answer) => answer !== undefined);
  return inStyle(input.style?.includes('await-using') === true ? [...planned, planAwaitUsing(input)] : planned, input.style);
}

function callbacksOf(input: AcquisitionInput): FixAnswer[] {
  const native = input.site.acquisition.type.scoped?.[0]?.gives === undefined ? [] : [planScopedCallback(input)];
  const own = planOwnCallback(input);
  return own === undefined ? native : [...native, own];
}
