/** What is known of the world when a function runs later than the code that registers it. */
import { isConstant, writesOf, type Variable } from '../bindings/scope-index.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import { filterFacts } from '../domain/facts.ts';
import { isSeenEverywhere, type Root } from '../domain/place.ts';
import { isFunctionNode, isLoop, type Node } from '../syntax/estree.ts';
import type { ProgramModel } from './program-model.ts';

/** `disjunct` with the facts that still hold when what `registration` registers runs: about variables that nobody writes in between. */
export function withLastingFacts(model: ProgramModel, disjunct: Disjunct, registration: Node): Disjunct {
  if (disjunct.facts.length === 0) return disjunct;
  const facts = filterFacts(disjunct.facts, (id) => {
    const key = model.places.key(id);
    const { path, roots } = key;
    return isSeenEverywhere(key) || (path === '' && roots.every((root) => isWrittenBefore(root, registration)));
  });
  return facts === disjunct.facts ? disjunct : { ...disjunct, facts };
}

/** Whether the root is a variable that is not written any more once control has come to `node`. */
function isWrittenBefore(root: Root, node: Node): boolean {
  if (!Array.isArray((root as Partial<Variable>).defs)) return false;
  const variable = root as Variable;
  if (isConstant(variable)) return true;
  if (isInLoop(node)) return false;
  return writesOf(variable).every((write) => (write.identifier as Node).range[1] <= node.range[0]);
}

function isInLoop(node: Node): boolean {
  for (let parent = node.parent; parent && !isFunctionNode(parent); parent = parent.parent) if (isLoop(parent)) return true;
  return false;
}
