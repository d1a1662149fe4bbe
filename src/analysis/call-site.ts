/** The place from which a function is entered. */
import type { Node } from '../syntax/estree.ts';
import type { Bound } from './bind-value.ts';
import type { CallShape } from './call-shape.ts';
import type { PlaceRef } from './program-model.ts';
import type { Run } from './run.ts';

/** Where a function is called: on what, with what, and the expression whose value the result is. */
export interface CallSite {
  readonly receiver: PlaceRef | undefined;
  readonly arguments: readonly Node[];
  readonly call: Node;
  /** Whether the function came as a value that captures the resource; else it is known by its name, and sees what lies around it in the source. */
  readonly isClosure: boolean;
  /** What the function is given where somebody else calls it later (`continuation.ts`): then no expression stands for its parameters. */
  readonly given?: readonly Bound[];
}

/** The call as a call site: on what, with what. */
export function callSite(run: Run, shape: CallShape): CallSite {
  const { model } = run;
  const receiver = shape.isMethod && shape.receiver !== undefined ? model.placeOf(shape.receiver) : undefined;
  if (shape.callee.type === 'Super') return { receiver: { root: model.selfOf(run.unit), path: '' }, arguments: shape.arguments, call: shape.node, isClosure: false };
  return { receiver: shape.isNew ? { root: shape.node, path: '' } : receiver, arguments: shape.arguments, call: shape.node, isClosure: false };
}
