/**
 * Acquisitions in the style of Node: `pool.connect((error, client, done) => …)`. The callback is where the resource is held, so it is followed
 * like a function of its own: from its beginning, with its parameters bound. A connection that failed acquired nothing.
 */
import type { CallbackRow } from '../drivers/driver.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import type { Settlement } from '../domain/obligation.ts';
import { ALL, NULLISH, OTHER_TRUTHY } from '../domain/value-mask.ts';
import { isFunctionNode, type FunctionNode, type Node } from '../syntax/estree.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { AcquisitionCall } from './acquisition-calls.ts';
import type { AnalysisContext } from './analysis-context.ts';
import type { Bound } from './bind-value.ts';
import { callShape } from './call-shape.ts';
import { functionOf } from './callback-function.ts';
import { enter } from './follow-call.ts';
import { withLastingFacts } from './lasting-facts.ts';
import type { ProgramModel } from './program-model.ts';

/** Where the resource goes: to a function of the file, or out of sight. */
export type CallbackTarget = { readonly kind: 'function'; readonly node: FunctionNode } | Settlement;

/** The callback that gets what `call` acquires; undefined when the call takes none. */
export function callbackTarget(model: ProgramModel, call: AcquisitionCall): CallbackTarget | undefined {
  const { acquisition } = call;
  const argument = callShape(call.node).arguments.at(-1);
  // Nothing is known of a pair's functions: a function that they are given may well be what gets the connection.
  if (acquisition?.pair !== undefined) {
    const takesFunction = callShape(call.node).arguments.some((one) => isFunctionNode(unwrapChain(one)));
    return takesFunction ? { kind: 'unknown', why: 'callback' } : undefined;
  }
  if (call.kind !== 'direct' || acquisition?.callback === undefined) return undefined;
  if (argument === undefined) return acquisition.style === 'callback' ? { kind: 'unknown', why: 'callback' } : undefined;
  const node = functionOf(model, argument);
  if (node !== undefined && !node.generator) return { kind: 'function', node };
  return isParameter(model, argument) ? { kind: 'transferred', to: 'given to a callback' } : { kind: 'unknown', why: 'callback' };
}

/** Whether `node` is a parameter: a callback that is one belongs to whoever called the function. */
export function isParameter(model: ProgramModel, node: Node): boolean {
  const expression = unwrapChain(node);
  const variable = expression.type === 'Identifier' ? model.scopes.variableOf(expression) : undefined;
  return (variable?.defs[0]?.type as string | undefined) === 'Parameter';
}

/** What just before the callback runs is known, and what it is given: no error, the resource, its release. */
export function callbackEntry(context: AnalysisContext, call: AcquisitionCall & { kind: 'direct' }, callback: FunctionNode, before: Disjunct): Disjunct {
  const held: Disjunct = {
    ...withLastingFacts(context.model, before, call.node), state: 'held', site: context.site(call.node, call.acquisition), aliases: [],
  };
  const given = call.acquisition.callback === undefined ? [] : givenTo(call.acquisition.callback);
  return enter(context, callback, held, { receiver: undefined, arguments: [], call: call.node, isClosure: true, given }).entry;
}

const UNKNOWN: Bound = { held: [], mask: ALL, source: undefined };

function givenTo(row: CallbackRow): readonly Bound[] {
  const given: Bound[] = [{ held: [], mask: NULLISH, source: undefined }];
  const set = (index: number, bound: Bound): void => {
    while (given.length <= index) given.push(UNKNOWN);
    given[index] = bound;
  };
  set(row.handle, { held: [{ path: '', role: 'handle', closure: undefined }], mask: OTHER_TRUTHY, source: undefined });
  if (row.release !== undefined) set(row.release, { held: [{ path: '', role: 'bound', closure: undefined }], mask: OTHER_TRUTHY, source: undefined });
  return given;
}
