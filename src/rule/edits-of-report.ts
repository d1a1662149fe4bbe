import type { TSESLint } from '@typescript-eslint/utils';
import type { EditPlan, FixAnswer } from '../fixes/edit-plan.ts';

type ReportEdits = Pick<TSESLint.ReportDescriptor<'finding' | 'edit'>, 'fix' | 'suggest'>;

/** The plans as ESLint takes them: the first automatic one is the fix, all others are suggestions. */
export function editsOfReport(answers: readonly FixAnswer[]): ReportEdits {
  const plans = answers.filter((answer) => answer.kind === 'edits');
  const fix = plans.find(({ safety }) => safety === 'automatic');
  const others = plans.filter((plan) => plan !== fix);
  return {
    ...(fix && { fix: fixFunction(fix) }),
    ...(others.length > 0 && { suggest: others.map((plan) => ({ messageId: 'edit' as const, data: { title: plan.title }, fix: fixFunction(plan) })) }),
  };
}

function fixFunction({ edits }: EditPlan): TSESLint.ReportFixFunction {
  return (fixer) => edits.map(({ range, text }) => fixer.replaceTextRange(range, text));
}
