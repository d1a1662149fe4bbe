/** `.then`, `.catch` and `.finally` on a promise. */
import type { Disjunct } from '../domain/disjunct.ts';
import { withFact } from '../domain/facts.ts';
import { FULFILS } from '../domain/value-mask.ts';
import { isFunctionNode, type Node } from '../syntax/estree.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import { REACTIONS, type CallShape } from './call-shape.ts';
import { completesOf, type Continue } from './follow-call.ts';
import type { Run } from './run.ts';

/**
 * `promise.then(…)`, `.catch(…)`, `.finally(…)` do not throw themselves. What `catch` gives is fulfilled where its function cannot throw.
 */
export function applyReaction(run: Run, shape: CallShape, disjunct: Disjunct, next: Continue): boolean {
  if (!shape.isMethod || shape.name === undefined || !REACTIONS.has(shape.name)) return false;
  const [reaction] = shape.arguments;
  if (shape.name !== 'catch' || reaction === undefined || !cannotThrow(run, reaction)) {
    next(disjunct);
    return true;
  }
  const key = run.model.places.placeKey(shape.node, '');
  next({ ...disjunct, facts: withFact(disjunct.facts, key.id, FULFILS) });
  return true;
}

/** Whether the function that `node` stands for is known to return. */
function cannotThrow(run: Run, node: Node): boolean {
  const expression = unwrapChain(node);
  if (expression.type === 'MemberExpression') return expression.object.type === 'Identifier' && expression.object.name === 'console';
  const entity = isFunctionNode(expression) ? undefined : run.model.bindings.entityOf(expression);
  const unit = isFunctionNode(expression) ? expression : entity?.kind === 'local-function' ? entity.node : undefined;
  return unit !== undefined && !unit.generator && !completesOf(run.context, unit).throws;
}
