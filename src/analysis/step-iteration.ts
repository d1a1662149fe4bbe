/** One step of a loop over the elements of something: another element, the end, or a throw. */
import type { InstructionOf } from '../cfg/graph.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import { ENTERED_PATH } from '../domain/place.ts';
import { factOf, withFact } from '../domain/facts.ts';
import { ALL, TRUE } from '../domain/value-mask.ts';
import { isArrayValue, isNonEmptyArray, isSingle } from './array-value.ts';
import { bindPlace } from './bind-value.ts';
import { throwsBehindYield, type Continue } from './follow-call.ts';
import { elementsOf, heldBy } from './held.ts';
import type { Run } from './run.ts';

/** Steps the loop. Its node stands for the element. */
export function stepIteration(run: Run, instruction: InstructionOf<'iterate'>, disjunct: Disjunct, next: Continue, done: Continue, thrown: Continue): void {
  const { model } = run;
  const { node } = instruction;
  const entered = model.places.placeKey(node, ENTERED_PATH).id;
  const isEntered = factOf(disjunct.facts, entered) === TRUE;
  const noted = (state: Disjunct): Disjunct => ({ ...state, facts: withFact(state.facts, entered, TRUE) });
  // The next time the loop begins, it begins anew.
  const leave = (): void => done({ ...disjunct, facts: withFact(disjunct.facts, entered, ALL) });
  if (node.type === 'ForOfStatement') {
    const elements = isEntered ? [] : elementsOf(heldBy(model, disjunct, node.right));
    if (elements.length > 0) {
      // The resource is one of the elements: its turn comes, perhaps after that of others, and a list does not throw.
      next(noted(bindPlace(model, run.tests, disjunct, { root: node, path: '' }, { held: elements, mask: ALL, source: undefined })));
      if (!isSingle(node.right)) next(disjunct);
      return;
    }
    if (!node.await && isNonEmptyArray(model, node.right)) {
      // A literal with elements is not done before its first turn.
      next(noted(disjunct));
      if (isEntered) leave();
      return;
    }
    if (isEntered) {
      next(disjunct);
      leave();
      return;
    }
  }
  stepOther(run, instruction, disjunct, next, leave, thrown);
}

/** A step over something of which no element is known. */
function stepOther(run: Run, { node }: InstructionOf<'iterate'>, disjunct: Disjunct, next: Continue, leave: () => void, thrown: Continue): void {
  const { model } = run;
  const key = model.places.placeKey(node, '.@stepped').id;
  const isStepped = factOf(disjunct.facts, key) === TRUE;
  const yields = model.yieldsOf(node);
  if (yields === 'many') next(disjunct);
  // Of a generator of the file that yields at most once, there is no second element.
  else if (yields === 'one' && !isStepped) next({ ...disjunct, facts: withFact(disjunct.facts, key, TRUE) });
  leave();
  if (node.type === 'ForOfStatement' && !node.await && isArrayValue(model, node.right)) return;
  // The last step of such a generator throws only if something behind its `yield` may.
  if (!isStepped || throwsBehindYield(run.context, node)) thrown(disjunct);
}
