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
import { forgetPlace, type Bound } from './bind-value.ts';
import { enterCall, leaveCall, type CallFrame } from './call-frame.ts';
import { callShape } from './call-shape.ts';
import type { CallSite } from './call-site.ts';
import { callbackOf, functionOf } from './callback-function.ts';
import { withLastingFacts } from './lasting-facts.ts';
import type { ProgramModel } from './program-model.ts';
import { Run } from './run.ts';

/** Where the resource goes: to a function of the file, or out of sight. */
export type CallbackTarget = { readonly kind: 'function'; readonly node: FunctionNode } | Settlement;

/** The callback that gets what `call` acquires; undefined when the call takes none. */
export function callbackTarget(model: ProgramModel, call: AcquisitionCall): CallbackTarget | undefined {
  const { acquisition } = call;
  // Nothing is known of a pair's functions: a function that they are given may well be what gets the connection.
  if (acquisition?.pair !== undefined) {
    const takesFunction = callShape(call.node).arguments.some((one) => isFunctionNode(unwrapChain(one)));
    return takesFunction ? { kind: 'unknown', why: 'callback' } : undefined;
  }
  if (call.kind !== 'direct' || acquisition?.callback === undefined) return undefined;
  const argument = callbackOf(call.node, acquisition.callback);
  if (argument === undefined) return acquisition.style === 'callback' ? { kind: 'unknown', why: 'callback' } : undefined;
  const node = functionOf(model, argument);
  if (node !== undefined && !node.generator && model.modelOf(node) === model) return { kind: 'function', node };
  return isParameter(model, argument) ? { kind: 'transferred', to: 'given to a callback' } : { kind: 'unknown', why: 'callback' };
}

/** Whether `node` is a parameter: a callback that is one belongs to whoever called the function. */
export function isParameter(model: ProgramModel, node: Node): boolean {
  const expression = unwrapChain(node);
  const variable = expression.type === 'Identifier' ? model.scopes.variableOf(expression) : undefined;
  return (variable?.defs[0]?.type as string | undefined) === 'Parameter';
}

/** The disjunct at the beginning of the callback that gets what `call` acquires, and what the code around it keeps. */
export function callbackEntry(
  context: AnalysisContext,
  call: AcquisitionCall & { kind: 'direct' },
  callback: FunctionNode,
  before: Disjunct,
): { entry: Disjunct; frame: CallFrame; site: CallSite } {
  const held: Disjunct = {
    ...withLastingFacts(context.model, before, call.node), state: 'held', site: context.site(call.node, call.acquisition), aliases: [],
  };
  const given = call.acquisition.callback === undefined ? [] : givenTo(call.acquisition.callback);
  const site = { receiver: undefined, arguments: [], call: call.node, isClosure: true, given };
  return { ...enterCall(context, callback, held, site), site };
}

/**
 * What the callback hands on to the code around `call`, in the terms of that code: through a promise that it settles, or a variable. This is for the
 * callers of a factory; the acquisition itself is followed in its callback.
 */
export function callbackHandOuts(
  context: AnalysisContext,
  call: AcquisitionCall & { kind: 'direct' },
  callback: FunctionNode,
  before: Disjunct,
  depth: number,
): readonly Disjunct[] {
  if (context.active.has(callback)) return [];
  const { entry, frame, site } = callbackEntry(context, call, callback, before);
  context.active.add(callback);
  const run = new Run(context, callback, depth);
  const exits = run.explore([{ at: run.graph.entry, state: entry }]).arrivalsAt(run.graph.exits.normal);
  context.active.delete(callback);
  return exits
    .filter(({ state }) => state.state === 'held')
    .map(({ state }) => forgetPlace(context.model, leaveCall(context, callback, state, frame, site, 'normal'), { root: call.node, path: '' }))
    .filter((state) => state.aliases.length > 0);
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
