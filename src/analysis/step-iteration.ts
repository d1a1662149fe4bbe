/** One step of a loop over the elements of something: another element, the end, or a throw. */
import type { InstructionOf } from '../cfg/graph.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import { FACT_PATHS } from '../domain/fact-paths.ts';
import { factOf, withFact } from '../domain/facts.ts';
import { ALL, FALSE, TRUE, UNDEFINED, type ValueMask } from '../domain/value-mask.ts';
import { isFunctionNode, isLoop, type Node } from '../syntax/estree.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import { isArrayValue, isNonEmptyArray } from './array-value.ts';
import { bindPlace } from './bind-value.ts';
import { throwsBehindYield } from './completes-of.ts';
import type { Continue } from './follow-call.ts';
import { elementsOf, heldBy, isFirstElement } from './held.ts';
import { enterLoop } from './other-resources.ts';
import type { ProgramModel } from './program-model.ts';
import type { Run } from './run.ts';

/** Steps the loop. Its node stands for the element; it has none before its first turn. */
export function stepIteration(run: Run, instruction: InstructionOf<'iterate'>, disjunct: Disjunct, next: Continue, done: Continue, thrown: Continue): void {
  const { model } = run;
  const { node } = instruction;
  const place = { root: node, path: '' };
  const ahead = model.places.placeKey(node, FACT_PATHS.ahead).id;
  const element = model.places.placeKey(node, '').id;
  const isFirst = factOf(disjunct.facts, element) === UNDEFINED;
  const facts = withFact(disjunct.facts, element, ALL);
  const rest = facts === disjunct.facts ? disjunct : { ...disjunct, facts };
  const clean = isFirst ? enterLoop(run, node, rest) : rest;
  const noted = (state: Disjunct, mask: ValueMask): Disjunct => ({ ...state, facts: withFact(state.facts, ahead, mask) });
  if (node.type === 'ForOfStatement') {
    const list = heldBy(model, disjunct, node.right);
    const elements = elementsOf(list);
    if (elements.length > 0) {
      // The resource is one of the elements: its turn comes, perhaps after that of others, and a list does not throw.
      const turn = isFirst ? TRUE : factOf(disjunct.facts, ahead);
      const mine = bindPlace(model, run.tests, clean, place, { held: elements, mask: ALL, source: undefined });
      if ((turn & TRUE) !== 0) next(noted(mine, FALSE));
      if (!isFirst || !isFirstElement(list)) next(noted(clean, turn));
      if ((turn & FALSE) !== 0) done(noted(clean, ALL));
      return;
    }
    if (isFirst && !node.await && isNonEmptyArray(model, node.right)) {
      // A literal with elements is not done before its first turn.
      next(clean);
      return;
    }
  }
  stepOther(run, instruction, isClosedBy(model, node, clean) ? { ...clean, state: 'released' } : clean, next, done, thrown);
}

/** Whether the loop goes over the resource itself, and closes it when it is left, at its end or before. */
function isClosedBy(model: ProgramModel, loop: Node, disjunct: Disjunct): boolean {
  if (loop.type !== 'ForOfStatement' || !loop.await || disjunct.state !== 'held' || disjunct.site?.acquisition.type.endsWithLoop !== true) return false;
  return heldBy(model, disjunct, loop.right).some(({ path, role }) => path === '' && role === 'handle');
}

/** A step over something of which no element is known. */
function stepOther(run: Run, { node }: InstructionOf<'iterate'>, disjunct: Disjunct, next: Continue, done: Continue, thrown: Continue): void {
  const { model } = run;
  const key = model.places.placeKey(node, FACT_PATHS.stepped).id;
  const isStepped = factOf(disjunct.facts, key) === TRUE;
  const yields = yieldsOf(model, node);
  if (yields === 'many') next(disjunct);
  // Of a generator of the file that yields at most once, there is no second element.
  else if (yields === 'one' && !isStepped) next({ ...disjunct, facts: withFact(disjunct.facts, key, TRUE) });
  done(disjunct);
  if (node.type === 'ForOfStatement' && !node.await && isArrayValue(model, node.right)) return;
  // The last step of such a generator throws only if something behind its `yield` may.
  if (!isStepped || throwsBehindYield(run.context, node)) thrown(disjunct);
}

/** How many elements a loop over a generator of the file can have: none, at most one, or any number. */
function yieldsOf(model: ProgramModel, loop: Node): 'none' | 'one' | 'many' {
  if (loop.type !== 'ForOfStatement') return 'many';
  const call = unwrapExpression(loop.right);
  const callee = call.type === 'CallExpression' ? model.bindings.calleeOf(call) : undefined;
  if (callee?.generator !== true) return 'many';
  const yields = model.graphOf(callee).instructions.filter((instruction) => instruction.op === 'yield');
  if (yields.length === 0) return 'none';
  const [only, ...others] = yields;
  const repeats = only === undefined || others.length > 0 || isInLoop(only.node) || (only.node.type === 'YieldExpression' && only.node.delegate);
  return repeats ? 'many' : 'one';
}

function isInLoop(node: Node): boolean {
  for (let parent = node.parent; parent && !isFunctionNode(parent); parent = parent.parent) if (isLoop(parent)) return true;
  return false;
}
