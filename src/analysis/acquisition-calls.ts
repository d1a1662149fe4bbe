/**
 * Which calls of a unit may acquire: a row of the tables, a pair, a construction that is opened later, or a function of the project
 * that hands a resource out. Found by name first, so that a file without such names costs nothing more.
 */
import type { Acquisition } from '../bindings/entity.ts';
import { isFunctionNode, type CallLike, type FunctionNode, type UnitNode } from '../syntax/estree.ts';
import { staticKeyName } from '../syntax/static-name.ts';
import { callShape } from './call-shape.ts';
import { callbackAcquisitionOf, callbackFactoryOf } from './callback-factory.ts';
import { callbackOf } from './callback-function.ts';
import { callsWith } from './continuation-calls.ts';
import type { ProgramModel } from './program-model.ts';

/** A call that may be an acquisition site. */
export type AcquisitionCall =
  | { readonly kind: 'direct'; readonly node: CallLike; readonly acquisition: Acquisition }
  /** `new Client()`: an object that owes nothing until `open` is called on it. */
  | { readonly kind: 'idle'; readonly node: CallLike; readonly acquisition: Acquisition }
  /** A call of a function of the project (or one that hands it over as a continuation) that may hand a resource out; `acquisition` where its name is one half of a pair too. */
  | { readonly kind: 'local'; readonly node: CallLike; readonly callee: FunctionNode; readonly acquisition: Acquisition | undefined };

export interface AcquisitionCalls {
  /** By the unit that makes them, in source order. */
  readonly byUnit: ReadonlyMap<UnitNode, readonly AcquisitionCall[]>;
  /** Calls that open an object which the tables know (`client.connect()`). */
  readonly opens: readonly CallLike[];
}

/** Finds the acquisition calls of the file. */
export function findAcquisitionCalls(model: ProgramModel): AcquisitionCalls {
  const byUnit = new Map<UnitNode, AcquisitionCall[]>();
  const opens: CallLike[] = [];
  const callsByName = new Map<string, { call: CallLike; unit: UnitNode }[]>();
  const found = new Set<CallLike>();
  const units: UnitNode[] = [];
  const add = (unit: UnitNode, call: AcquisitionCall): void => {
    const known = byUnit.get(unit);
    if (known === undefined) {
      byUnit.set(unit, [call]);
      units.push(unit);
    } else {
      known.push(call);
    }
    found.add(call.node);
  };
  for (const [unit, calls] of model.file.calls) {
    for (const node of calls) {
      const { name } = callShape(node);
      if (name !== undefined) {
        const named = callsByName.get(name);
        if (named === undefined) callsByName.set(name, [{ call: node, unit }]);
        else named.push({ call: node, unit });
      }
      const idle = model.bindings.idleTypeOf(node);
      if (idle !== undefined) {
        add(unit, { kind: 'idle', node, acquisition: { path: idle.path, evidence: 'value', style: 'receiver', type: idle.type, pair: undefined } });
        continue;
      }
      const acquisition = model.bindings.acquisitionOf(node);
      const callee = acquisition?.pair === undefined ? undefined : model.calleeOf(node);
      if (callee !== undefined && acquisition !== undefined) add(unit, { kind: 'local', node, callee, acquisition });
      else if (acquisition !== undefined) add(unit, { kind: 'direct', node, acquisition });
      else if (opensByItself(model, node)) opens.push(node);
      else if (node.type === 'CallExpression' && model.mayBeHandedOut(name ?? makerName(node), model.bindings.nameOf(node))) {
        const distant = model.distantCalleeOf(node);
        const made = distant && callbackAcquisitionOf(model, distant);
        if (made?.callback !== undefined && callbackOf(node, made.callback) !== undefined) add(unit, { kind: 'direct', node, acquisition: made });
        else if (distant !== undefined) add(unit, { kind: 'local', node, callee: distant, acquisition: undefined });
      }
    }
  }
  // Callers of functions that acquire for their callback, and their callers in turn.
  for (const unit of units) {
    for (const call of byUnit.get(unit) ?? []) {
      if (call.kind !== 'direct') continue;
      const made = callbackFactoryOf(model, call.node, call.acquisition);
      if (made === undefined) continue;
      const { factory, row } = made;
      const acquisition: Acquisition = { ...call.acquisition, style: 'callback', callback: row };
      for (const { call: node, unit: caller } of callsOf(model, factory, callsByName)) {
        if (!found.has(node) && model.calleeOf(node) === factory && callbackOf(node, row) !== undefined) add(caller, { kind: 'direct', node, acquisition });
      }
    }
  }
  // Callers of functions that may hand out, and their callers in turn.
  for (const unit of units) {
    if (!isFunctionNode(unit)) continue;
    for (const { call, unit: caller } of callsOf(model, unit, callsByName)) {
      if (!found.has(call) && model.calleeOf(call) === unit) add(caller, { kind: 'local', node: call, callee: unit, acquisition: undefined });
    }
    for (const call of callsWith(model, unit)) {
      if (!found.has(call)) add(model.file.unitOf(call), { kind: 'local', node: call, callee: unit, acquisition: undefined });
    }
  }
  return { byUnit, opens };
}

/** For a call of what a call gives, `openerFor(tenant)()`, the name of the inner one. */
function makerName(node: CallLike): string | undefined {
  const { callee } = callShape(node);
  return callee.type === 'CallExpression' ? callShape(callee).name : undefined;
}

/** Whether the call is there to open an object that the tables know: `client.connect()`. */
function opensByItself(model: ProgramModel, node: CallLike): boolean {
  const row = model.bindings.memberRowOf(node)?.row;
  return row?.effect === 'open' && row.implied !== true;
}

/** The calls that may run `unit`, by its name, or because it is called where it stands. */
function callsOf(
  model: ProgramModel,
  unit: FunctionNode,
  callsByName: ReadonlyMap<string, { call: CallLike; unit: UnitNode }[]>,
): { call: CallLike; unit: UnitNode }[] {
  const { parent } = unit;
  if (parent.type === 'CallExpression' && parent.callee === unit) return [{ call: parent, unit: model.file.unitOf(parent) }];
  const name = nameOf(unit);
  return name === undefined ? [] : (callsByName.get(name) ?? []);
}

function nameOf(unit: FunctionNode): string | undefined {
  if (unit.id) return unit.id.name;
  const parent = unit.parent;
  if (parent.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if (parent.type === 'MethodDefinition' || parent.type === 'Property' || parent.type === 'PropertyDefinition') {
    return staticKeyName(parent.key, parent.computed);
  }
  return undefined;
}
