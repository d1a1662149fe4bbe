/** One step of a loop over the elements of something: another element, the end, or a throw. */
import type { InstructionOf } from '../cfg/graph.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import { factOf, withFact } from '../domain/facts.ts';
import { ALL, TRUE } from '../domain/value-mask.ts';
import type { Node } from '../syntax/estree.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import { bindPlace } from './bind-value.ts';
import { throwsBehindYield, type Continue } from './follow-call.ts';
import { elementsOf, heldBy } from './held.ts';
import type { Run } from './run.ts';

/** Steps the loop. Its node stands for the element. */
export function stepIteration(run: Run, instruction: InstructionOf<'iterate'>, disjunct: Disjunct, next: Continue, done: Continue, thrown: Continue): void {
  const { model } = run;
  const { node } = instruction;
  const key = model.places.placeKey(node, '.@stepped');
  const isStepped = factOf(disjunct.facts, key.id) === TRUE;
  const stepped = (state: Disjunct): Disjunct => ({ ...state, facts: withFact(state.facts, key.id, TRUE) });
  const elements = node.type === 'ForOfStatement' && !isStepped ? elementsOf(heldBy(model, disjunct, node.right)) : [];
  if (node.type === 'ForOfStatement' && elements.length > 0) {
    // The resource is one of the elements: its turn comes, perhaps after that of others, and a list does not throw.
    next(stepped(bindPlace(model, run.tests, disjunct, { root: node, path: '' }, { held: elements, mask: ALL, source: undefined })));
    if (!isSingle(node.right)) next(disjunct);
    return;
  }
  const yields = model.yieldsOf(node);
  if (yields === 'many') next(disjunct);
  // Of a generator of the file that yields at most once, there is no second element.
  else if (yields === 'one' && !isStepped) next(stepped(disjunct));
  done(disjunct);
  // The last step of such a generator throws only if something behind its `yield` may.
  if (!isStepped || throwsBehindYield(run.context, node)) thrown(disjunct);
}

/** Whether the list has one element. */
function isSingle(node: Node): boolean {
  const list = unwrapChain(node);
  return list.type === 'ArrayExpression' && list.elements.length === 1 && list.elements[0]?.type !== 'SpreadElement';
}
