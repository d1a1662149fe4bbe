import type { EditPlan, FixAnswer } from './edit-plan.ts';
import type { AcquisitionInput, FixInput } from './fix-input.ts';
import { planNewCallback } from './plan-new-callback.ts';
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
    default:
      return [];
  }
}

/** The call with a callback that does what the code does by hand, where one can be written. */
export function planInstead(input: AcquisitionInput): EditPlan | undefined {
  return callbacksOf(input).find((answer) => answer.kind === 'edits');
}

/** Only the forms that the library, or the project, has; and one that it could have. */
function plansOfLeak(input: FixInput): FixAnswer[] {
  const callbacks = callbacksOf(input);
  const { scoped, ending } = input.site.acquisition.type;
  const isTransaction = ending === 'commit or rollback' && scoped?.[0]?.gives !== undefined;
  const added = planNewCallback(input);
  return [planSingleShot(input), ...callbacks, ...(isTransaction ? [] : [planTryFinally(input)]), ...(added === undefined ? [] : [added])];
}

function callbacksOf(input: AcquisitionInput): FixAnswer[] {
  const native = input.site.acquisition.type.scoped?.[0]?.gives === undefined ? [] : [planScopedCallback(input)];
  const own = planOwnCallback(input);
  return own === undefined ? native : [...native, own];
}
