import type { FixStyle } from '../fixes/fix-style.ts';

const STYLES: readonly FixStyle[] = ['single-shot', 'scoped-callback', 'try-finally', 'await-using'];

/** The schema of the option `fixStyle`: the forms that are offered, the one that is wanted most first. */
export const FIX_STYLE_OPTION = {
  type: 'array',
  description: 'The forms of fixes and suggestions that are offered, the one that is wanted most first. Absent: single-shot, scoped-callback, try-finally.',
  items: { type: 'string', enum: STYLES },
  uniqueItems: true,
} as const;
