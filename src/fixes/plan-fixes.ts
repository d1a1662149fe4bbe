import type { FixAnswer } from './edit-plan.ts';
import type { FixInput } from './fix-input.ts';
import { planSingleShot } from './plan-single-shot.ts';
import { planTryFinally } from './plan-try-finally.ts';

/** What can be done about a finding: for each form the edits, or why there are none; the best first. Made when it is asked for, never before. */
export function planFixes(input: FixInput): readonly FixAnswer[] {
  switch (input.finding.kind) {
    case 'leak':
      return [planSingleShot(input), planTryFinally(input)];
    default:
      return [];
  }
}
