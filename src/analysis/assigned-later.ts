/** Variables that code assigns which nobody waits for: when the resource is in them, or is not any more, is not seen. */
import type { Variable } from '../bindings/scope-index.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import type { Root } from '../domain/place.ts';
import { isFunctionNode, type Node, type UnitNode } from '../syntax/estree.ts';
import { isWaitedFor } from './later.ts';
import type { PlaceRef } from './program-model.ts';

/** Whether nobody waits for the promise that `call` gives, and a variable that has the resource in `state` is assigned by a function in `call`. */
export function isAssignedLater(call: Node, state: Disjunct): boolean {
  return state.aliases.some((alias) => isWrittenInside(alias.root, call)) && !isWaitedFor(call);
}

/**
 * Whether `unit` is an async function that is given to a call which nobody waits for, and `place` a variable of a function around that call, which is read elsewhere
 * in it: whether what is put there is seen depends on when that happens.
 */
export function isInUnawaitedCallback(unit: UnitNode, place: PlaceRef): boolean {
  if (!isFunctionNode(unit) || !unit.async || unit.parent?.type !== 'CallExpression' || unit.parent.callee === unit) return false;
  const isOfModule = /^(?:module|global)$/.test((place.root as Partial<Variable>).scope?.type ?? '');
  return !isOfModule && isWrittenInside(place.root, unit.parent) && !isWaitedFor(unit.parent);
}

/**
 * Whether the root is a variable from outside `call` that a function in `call` assigns, and that is read elsewhere too: what is found there
 * depends on when that happens, which is not seen.
 */
function isWrittenInside(root: Root, call: Node): boolean {
  const variable = root as Partial<Variable>;
  if (!Array.isArray(variable.references) || variable.defs?.some((definition) => isInside(definition.name, call)) === true) return false;
  const { references } = variable;
  const isWrittenHere = references.some((reference) => reference.isWrite() && isInside(reference.identifier, call));
  return isWrittenHere && references.some((reference) => reference.isRead() && !isInside(reference.identifier, call));
}

/** Not by position alone: the variable may be of another file. */
function isInside(node: Node, outer: Node): boolean {
  if (node.range[0] < outer.range[0] || node.range[1] > outer.range[1]) return false;
  for (let at: Node | undefined = node; at; at = at.parent) if (at === outer) return true;
  return false;
}
