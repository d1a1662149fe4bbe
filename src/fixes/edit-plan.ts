/** What a fix is before anybody applies it: edits of one file as data, or the reason why there is none. */
import type { BlockedReason } from './blocked-reason.ts';

/** Replaces what stands at `range` by `text`. The edits of a plan do not overlap and stand in source order. */
export interface Edit {
  readonly range: readonly [number, number];
  readonly text: string;
}

/** The ways out that a fix can write. */
export type FixForm =
  | 'single shot'
  | 'try/finally'
  | 'finally reaction'
  | 'released in the callback'
  | 'await using'
  | 'released at once'
  | 'released on failure'
  | 'scoped callback'
  | 'new scoped callback'
  | 'without the second release'
  | 'release later'
  | 'client of the project'
  | 'kept on globalThis'
  | 'made once'
  | 'taken per operation';

/** Edits that take one finding away. */
export interface EditPlan {
  readonly kind: 'edits';
  readonly form: FixForm;
  /** `automatic`: proved to change nothing where the code did not leak. `suggestion`: right as far as is known, and somebody has to look. */
  readonly safety: 'automatic' | 'suggestion';
  /** What the editor offers, in the imperative. */
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** No edits of this form: a precondition is false. */
export interface BlockedPlan {
  readonly kind: 'blocked';
  readonly form: FixForm;
  readonly reason: BlockedReason;
}

export type FixAnswer = EditPlan | BlockedPlan;

/** `text` after the edits. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let from = 0;
  for (const { range, text: inserted } of edits) {
    if (range[0] < from) throw new Error(`edits overlap at ${String(range[0])}`);
    result += text.slice(from, range[0]) + inserted;
    from = range[1];
  }
  return result + text.slice(from);
}

/**
 * The edits in source order; of two at the same position the one that was noted first comes first. What moves a line that another edit takes away
 * is left out.
 */
export function inOrder(edits: readonly Edit[]): Edit[] {
  const isGone = (edit: Edit): boolean =>
    edits.some((other) => other !== edit && other.range[0] <= edit.range[0] && edit.range[1] <= other.range[1] && edit.range[0] < other.range[1] && (edit.text.trim() === '' || other.range[0] < edit.range[0]));
  return edits.filter((edit) => !isGone(edit)).sort((left, right) => left.range[0] - right.range[0] || left.range[1] - right.range[1]);
}
