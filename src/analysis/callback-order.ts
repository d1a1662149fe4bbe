/**
 * Several callbacks that share the work: a counter that goes down to zero, a flag that says who was first. Which of them releases depends on
 * the order in which they run, which a path through one of them does not show. So inside a callback a test of what other callbacks change is noted,
 * and a path that leaves it with the resource after such a test is silent.
 */
import type { Variable } from '../bindings/scope-index.ts';
import type { Graph, InstructionOf } from '../cfg/graph.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import { FACT_PATHS } from '../domain/fact-paths.ts';
import { factOf, withFact } from '../domain/facts.ts';
import type { FactKey } from '../domain/place.ts';
import { ALL, FALSE, TRUE, type ValueMask } from '../domain/value-mask.ts';
import { eachChild } from '../syntax/each-child.ts';
import { isFunctionNode, isLoop, type Node } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { VISITOR_KEYS } from '../syntax/visitor-keys.ts';
import { callShape } from './call-shape.ts';
import type { ProgramModel } from './program-model.ts';
import type { Settled } from './run.ts';
import type { Arrival } from './solver.ts';

/** Every function sees the note, like those of what is out. */
const ROOT = { name: 'callback order' };

function keyOf(model: ProgramModel): FactKey {
  return model.places.placeKey(ROOT, FACT_PATHS.out);
}

/** `disjunct` at the beginning of a callback: from here on tests are noted. */
export function enterCallback(model: ProgramModel, disjunct: Disjunct): Disjunct {
  return { ...disjunct, facts: withFact(disjunct.facts, keyOf(model).id, FALSE) };
}

/** What was noted of the callback that `disjunct` leaves, and `disjunct` with what was noted before it, in `before`. */
export function leaveCallback(model: ProgramModel, disjunct: Disjunct, before: Disjunct): { readonly isOrdered: boolean; readonly state: Disjunct } {
  const key = keyOf(model).id;
  return {
    isOrdered: factOf(disjunct.facts, key) === TRUE,
    state: { ...disjunct, facts: withFact(disjunct.facts, key, factOf(before.facts, key)) },
  };
}

/** `disjunct` at a test, with a note where it stands in a callback and reads what other callbacks change. */
export function noteTest(model: ProgramModel, disjunct: Disjunct, test: InstructionOf<'branch'>): Disjunct {
  if (disjunct.facts.length === 0) return disjunct;
  const key = keyOf(model).id;
  const known: ValueMask = factOf(disjunct.facts, key);
  if (known === ALL || known === TRUE) return disjunct;
  const reads = readsShared(model, test.value.expression) || (test.operand !== undefined && readsShared(model, test.operand));
  return reads ? { ...disjunct, facts: withFact(disjunct.facts, key, TRUE) } : disjunct;
}

const shared = new WeakMap<Node, boolean>();

/** Whether evaluating `node` reads a variable, a list or a property that functions change which run at any time, or the turn of a loop. */
function readsShared(model: ProgramModel, node: Node): boolean {
  const known = shared.get(node);
  if (known !== undefined) return known;
  let reads = false;
  const pending: Node[] = [node];
  for (let inner = pending.pop(); inner !== undefined && !reads; inner = pending.pop()) {
    if (inner.type === 'Identifier') {
      const variable = model.scopes.variableOf(inner);
      reads = variable !== undefined && (model.stability.isUnstable(variable) || isTurn(variable) || isGrown(variable));
    } else if (inner.type === 'MemberExpression') {
      const name = staticMemberName(inner);
      reads = name !== undefined && model.stability.isUnstableProperty(name, undefined);
      pending.push(inner.object);
    } else if (!isFunctionNode(inner)) {
      eachChild(inner, VISITOR_KEYS, (child) => pending.push(child));
    }
  }
  shared.set(node, reads);
  return reads;
}

/** Whether the variable belongs to one turn of a loop, or is what a method of a list gives its function: `list.forEach((sql, index) => …)`. */
function isTurn(variable: Variable): boolean {
  const definition = variable.defs[0];
  if (definition === undefined) return false;
  const declaration = definition.parent as Node | null | undefined;
  if (declaration?.parent !== undefined && isLoop(declaration.parent)) return true;
  const owner = definition.node as Node;
  if (!isFunctionNode(owner) || owner.parent.type !== 'CallExpression' || owner.parent.callee === owner) return false;
  const { name } = callShape(owner.parent);
  return (definition.type as string) === 'Parameter' && (name === 'forEach' || name === 'map') && owner.params[1] === definition.name;
}

const GROWING = new Set(['push', 'unshift', 'pop', 'shift', 'splice', 'add', 'delete', 'set']);

/** Whether something is put into the collection in the variable, or taken out. */
function isGrown(variable: Variable): boolean {
  return variable.references.some((reference) => {
    const node = reference.identifier as Node;
    return node.parent?.type === 'MemberExpression' && node.parent.object === node && GROWING.has(staticMemberName(node.parent) ?? '');
  });
}

/**
 * The loops, and calls of list methods, in which callbacks were registered that share the release. A path that passes one without a turn is silent too:
 * that the list is not empty is often known where we cannot see it.
 */
export function sharedLoops(settled: Iterable<Settled>): readonly Node[] {
  const loops: Node[] = [];
  for (const { settlement, node } of settled) {
    if (settlement.kind !== 'unknown' || settlement.why !== 'callback order') continue;
    loops.push(node);
    for (let parent = node.parent; parent && !isFunctionNode(parent); parent = parent.parent) if (isLoop(parent)) loops.push(parent);
  }
  return loops;
}

/** Whether the path to `arrival` passes one of `loops`. */
export function passesLoop(arrival: Arrival<Disjunct>, graph: Graph, loops: readonly Node[]): boolean {
  if (loops.length === 0) return false;
  for (let current: Arrival<Disjunct> | undefined = arrival; current !== undefined; current = current.from) {
    const { range } = graph.instructions[current.at]!.node;
    if (loops.some((loop) => range[0] >= loop.range[0] && range[1] <= loop.range[1])) return true;
  }
  return false;
}
