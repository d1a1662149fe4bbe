import type { FixAnswer } from './edit-plan.ts';
import type { FixInput } from './fix-input.ts';
import { planOwnCallback, planScopedCallback } from './plan-scoped-callback.ts';
import { planSingleShot } from './plan-single-shot.ts';
import { planTryFinally } from './plan-try-finally.ts';

/** What can be done about a finding: for each form the edits, or why there are none; the best first. Made when it is asked for, never before. */
export function planFixes(input: FixInput): readonly FixAnswer[] {
  switch (input.finding.kind) {
    case 'leak':
      return plansOfLeak(input);
    default:
      return [];
  }
}

/** Only the forms that the library, or the file, has. */
function plansOfLeak(input: FixInput): FixAnswer[] {
  const { scoped, ending } = input.site.acquisition.type;
  const callbacks = scoped?.[0]?.gives === undefined ? [] : [planScopedCallback(input)];
  const isTransaction = ending === 'commit or rollback' && callbacks.length > 0;
  const own = planOwnCallback(input);
  return [planSingleShot(input), ...callbacks, ...(own === undefined ? [] : [own]), ...(isTransaction ? [] : [planTryFinally(input)])];
}
