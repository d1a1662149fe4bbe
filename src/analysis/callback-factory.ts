/**
 * Functions that acquire for a callback of their own: `function open(callback) { pool.connect((err, client) => callback(err, client)) }`.
 * A call of such a function is an acquisition in the style of Node, and the report stands on it.
 */
import { isConstant, type Variable } from '../bindings/scope-index.ts';
import type { Acquisition } from '../bindings/entity.ts';
import { Memory } from '../bindings/memory.ts';
import type { CallbackRow } from '../drivers/driver.ts';
import { reachableFrom } from '../cfg/reachable-from.ts';
import { isFunctionNode, type CallLike, type FunctionNode, type Node, type UnitNode } from '../syntax/estree.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import { callShape } from './call-shape.ts';
import { callbackOf, functionOf } from './callback-function.ts';
import type { ModelFamily } from './model-family.ts';
import type { ProgramModel } from './program-model.ts';

/** A function that hands what it acquires to a callback, and what that gets. */
export interface CallbackFactory {
  readonly factory: FunctionNode;
  readonly row: CallbackRow;
}

/**
 * The acquisition that a call of `callee`, a function of any file of the project, is, when `callee` hands what it acquires on to a callback that it is given.
 * In the file that is analysed the callers are found from the acquisition; from another file only those functions are asked that are called.
 */
export function callbackAcquisitionOf(model: ProgramModel, callee: FunctionNode): Acquisition | undefined {
  if (callee.params.length === 0) return undefined;
  const { family } = model;
  let memory = memories.get(family);
  if (memory === undefined) {
    memory = new Memory(family.circle, (asked) => findCallbackAcquisition(family.modelOf(asked), asked));
    memories.set(family, memory);
  }
  return memory.answer(callee);
}

/** What was answered of the functions of a project. */
const memories = new WeakMap<ModelFamily, Memory<FunctionNode, Acquisition>>();

function findCallbackAcquisition(home: ProgramModel, callee: FunctionNode): Acquisition | undefined {
  for (const unit of [callee, ...home.unitsInside(callee)]) {
    for (const call of home.file.calls.get(unit) ?? []) {
      // What a call acquires is asked of other files: only where it could be handed on.
      if (!mayHandOn(home, call, callee)) continue;
      const acquisition = acquisitionWithin(home, call);
      const made = acquisition?.callback && callbackFactoryOf(home, call, acquisition);
      if (acquisition !== undefined && made?.factory === callee) return { ...acquisition, style: 'callback', callback: made.row };
    }
  }
  return undefined;
}

/** Whether `call` is given a parameter of `factory`, or a function that calls one. */
function mayHandOn(model: ProgramModel, call: CallLike, factory: FunctionNode): boolean {
  const isOwn = (node: Node): boolean => parameterOf(model, node)?.owner === factory;
  return callShape(call).arguments.some((argument) => {
    if (isOwn(argument)) return true;
    const callback = functionOf(model, argument);
    if (callback === undefined || callback === factory) return false;
    return [callback, ...model.unitsInside(callback)].some((unit) => (model.file.calls.get(unit) ?? []).some((inner) => isOwn(callShape(inner).callee)));
  });
}

/** What `call` acquires by the tables, or by a function that acquires for a callback. */
function acquisitionWithin(model: ProgramModel, call: CallLike): Acquisition | undefined {
  const { name, arguments: values, isNew } = callShape(call);
  if (isNew || values.length === 0) return undefined;
  const acquisition = model.mayAcquireAs(name, model.bindings.nameOf(call)) ? model.bindings.acquisitionOf(call) : undefined;
  if (acquisition !== undefined) return acquisition.pair === undefined ? acquisition : undefined;
  const callee = model.bindings.calleeOf(call) ?? (model.mayBeHandedOut(name, model.bindings.nameOf(call)) ? model.callGraph.distantCalleeOf(call) : undefined);
  return callee && callbackAcquisitionOf(model, callee);
}

/** The function around `call` (an acquisition with a callback) that hands the resource on to its own callback, and does no more with it. */
export function callbackFactoryOf(model: ProgramModel, call: CallLike, acquisition: Acquisition): CallbackFactory | undefined {
  const { callback: row } = acquisition;
  const argument = row && callbackOf(call, row);
  if (row === undefined || argument === undefined) return undefined;
  const given = parameterOf(model, argument);
  if (given !== undefined) return { factory: given.owner, row: { ...row, argument: given.index } };
  const callback = functionOf(model, argument);
  const handle = callback && constantParameter(model, callback, row.handle);
  if (callback === undefined || handle === undefined) return undefined;
  const release = row.release === undefined ? undefined : constantParameter(model, callback, row.release);
  const found: CallbackFactory[] = [];
  for (const unit of [callback, ...model.unitsInside(callback)]) {
    for (const inner of model.file.calls.get(unit) ?? []) {
      const factory = handsOn(model, inner, callback, handle, release);
      if (factory === 'otherwise') return undefined;
      if (factory !== undefined) found.push(factory);
    }
  }
  const [first, ...others] = found;
  return others.every((other) => isSame(first!, other)) ? first : undefined;
}

/** What `call` hands to a parameter of a function around `callback`; `otherwise`: in a way that its callers would not understand. */
function handsOn(
  model: ProgramModel,
  call: CallLike,
  callback: FunctionNode,
  handle: Variable,
  release: Variable | undefined,
): CallbackFactory | 'otherwise' | undefined {
  const { arguments: values, callee, isNew } = callShape(call);
  const given = isNew ? undefined : parameterOf(model, callee);
  if (given === undefined || given.owner === callback || !isInside(callback, given.owner)) return undefined;
  const variables = values.map((value) => variableOf(model, value));
  const index = variables.indexOf(handle);
  if (index < 0) return undefined;
  const isPlain = values.every((value, at) => value.type === 'Literal' || variables[at] !== undefined || isUndefined(value));
  if (!isPlain || isUsedAfter(model, call, given.owner, [handle, release])) return 'otherwise';
  const releaseIndex = release === undefined ? -1 : variables.indexOf(release);
  const row = { argument: given.index, handle: index, ...(releaseIndex < 0 ? {} : { release: releaseIndex }) };
  return { factory: given.owner, row };
}

/** Whether the code that follows `call`, up to the end of `factory`, speaks of one of the variables: then they are still its own. */
function isUsedAfter(model: ProgramModel, call: Node, factory: FunctionNode, variables: readonly (Variable | undefined)[]): boolean {
  for (let node: Node | undefined = call; node; ) {
    const unit: UnitNode = model.file.unitOf(node);
    const graph = model.graphOf(unit);
    const at = graph.instructions.find((instruction) => instruction.op === 'call' && instruction.node === node);
    if (at === undefined) return true;
    for (const id of reachableFrom(graph, at.id)) {
      const { op, node: later } = graph.instructions[id]!;
      // The unit itself stands for its end, and a statement for the place where its branches meet.
      if (later === unit || op === 'join' || op === 'complete' || op === 'dispatch') continue;
      if (variables.some((variable) => variable !== undefined && isNamedIn(variable, later, node!))) return true;
    }
    if (unit === factory || !isFunctionNode(unit)) return false;
    const { parent } = unit;
    if (parent.type !== 'CallExpression' || parent.callee === unit) return true;
    node = parent;
  }
  return true;
}

/** Whether the variable is named in `node`, but for the part `except`. */
function isNamedIn(variable: Variable, node: Node, except: Node): boolean {
  return variable.references.some(({ identifier }) => isInside(identifier, node) && !isInside(identifier, except));
}

function isInside(inner: Node, outer: Node): boolean {
  return outer.range[0] <= inner.range[0] && outer.range[1] >= inner.range[1];
}

/** The function, and the index, of the parameter that `node` is, when it is never changed. */
function parameterOf(model: ProgramModel, node: Node): { owner: FunctionNode; index: number } | undefined {
  const variable = variableOf(model, node);
  const definition = variable?.defs[0];
  if (variable === undefined || (definition?.type as string | undefined) !== 'Parameter' || !isConstant(variable)) return undefined;
  const owner = definition!.node as Node;
  const index = isFunctionNode(owner) ? owner.params.indexOf(definition!.name as never) : -1;
  return isFunctionNode(owner) && index >= 0 ? { owner, index } : undefined;
}

function constantParameter(model: ProgramModel, unit: FunctionNode, index: number): Variable | undefined {
  const parameter = unit.params[index];
  const variable = parameter && variableOf(model, parameter);
  return variable !== undefined && isConstant(variable) ? variable : undefined;
}

function variableOf(model: ProgramModel, node: Node): Variable | undefined {
  const value = unwrapChain(node);
  return value.type === 'Identifier' ? model.scopes.variableOf(value) : undefined;
}

function isUndefined(node: Node): boolean {
  return node.type === 'Identifier' && node.name === 'undefined';
}

function isSame(left: CallbackFactory, right: CallbackFactory): boolean {
  return left.factory === right.factory && left.row.argument === right.row.argument && left.row.handle === right.row.handle && left.row.release === right.row.release;
}
