import type { FixAnswer, FixForm } from './edit-plan.ts';

/** The forms that a user can ask for, in the order in which they are wanted. */
export type FixStyle = 'single-shot' | 'scoped-callback' | 'try-finally' | 'await-using';

const STYLES: Partial<Record<FixForm, FixStyle>> = {
  'single shot': 'single-shot', 'scoped callback': 'scoped-callback', 'new scoped callback': 'scoped-callback', 'try/finally': 'try-finally', 'finally reaction': 'try-finally',
  'released in the callback': 'try-finally', 'released at once': 'try-finally', 'released on failure': 'try-finally', 'await using': 'await-using',
};

/** The answers of the forms that are wanted, in that order; those of the same form stay as they are. Absent: all that were planned. */
export function inStyle(answers: readonly FixAnswer[], wanted: readonly FixStyle[] | undefined): readonly FixAnswer[] {
  return wanted === undefined ? answers : wanted.flatMap((style) => answers.filter(({ form }) => STYLES[form] === style));
}
