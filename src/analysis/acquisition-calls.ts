/**
 * Which calls of a unit may acquire: a row of the tables, a pair, a construction that is opened later, or a function of the project
 * that hands a resource out. Found by name first, so that a file without such names costs nothing more.
 */
import type { Acquisition } from '../bindings/entity.ts';
import { isFunctionNode, type CallLike, type ClassNode, type FunctionNode, type Node, type UnitNode } from '../syntax/estree.ts';
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
  /** A call of a function of the project (or one that hands it over as a continuation) that may hand a resource out; `acquisition` where its name is one half of a pair, or the use of its result proves one. */
  | { readonly kind: 'local'; readonly node: CallLike; readonly callee: FunctionNode; readonly acquisition: Acquisition | undefined };

export interface AcquisitionCalls {
  /** By the unit that makes them, in source order. */
  readonly byUnit: ReadonlyMap<UnitNode, readonly AcquisitionCall[]>;
  /** Calls that open an object which the tables know (`client.connect()`). */
  readonly opens: readonly CallLike[];
}

/** What counts as an acquisition in an analysis: connections that are taken (`CONNECTIONS`), or something else that is owed (`src/roots`). */
export interface AcquisitionKind {
  /** The acquisition that `node`, of the file of `model`, is by itself; `opens`: it opens something that was made elsewhere. */
  find(model: ProgramModel, node: CallLike): AcquisitionCall | 'opens' | undefined;
  /** Whether an unknown call throws only where it is awaited: what is lost when `JSON.stringify(…)` throws is not worth a word here. */
  readonly onlyAwaitedThrows: boolean;
  /** Calls, and what waits for them, that are not there: what would be without a release. */
  readonly without?: ReadonlySet<Node>;
  /** Whether another file may hand such a thing out under one of `names`. */
  mayBeHandedOut(model: ProgramModel, ...names: readonly (string | undefined)[]): boolean;
}

/** Connections that are taken from a pool, and single ones that are opened. */
export const CONNECTIONS: AcquisitionKind = {
  find(model, node) {
    if (!model.mayAcquireAs(callShape(node).name, model.bindings.nameOf(node))) return undefined;
    const idle = model.bindings.idleTypeOf(node);
    if (idle !== undefined) return { kind: 'idle', node, acquisition: { path: idle.path, evidence: 'value', style: 'receiver', type: idle.type, pair: undefined, call: node } };
    const acquisition = model.bindings.acquisitionOf(node);
    // What the source of a function shows goes before what its name, or the use of its result, makes likely.
    const callee = acquisition?.pair === undefined && acquisition?.evidence !== 'use' ? undefined : model.callGraph.calleeOf(node);
    if (callee !== undefined && acquisition !== undefined) return { kind: 'local', node, callee, acquisition };
    if (acquisition !== undefined) return { kind: 'direct', node, acquisition };
    return opensByItself(model, node) ? 'opens' : undefined;
  },
  onlyAwaitedThrows: false,
  mayBeHandedOut: (model, ...names) => model.mayBeHandedOut(...names),
};

/** Finds the acquisition calls of the file. */
export function findAcquisitionCalls(model: ProgramModel, kind: AcquisitionKind = CONNECTIONS): AcquisitionCalls {
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
      const call = kind.find(model, node);
      if (call === 'opens') opens.push(node);
      else if (call !== undefined) add(unit, call);
      else if ((node.type === 'CallExpression' || node.type === 'NewExpression') && kind.mayBeHandedOut(model, name ?? makerName(node), model.bindings.nameOf(node))) {
        const distant = model.callGraph.distantCalleeOf(node);
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
        if (!found.has(node) && model.callGraph.calleeOf(node) === factory && callbackOf(node, row) !== undefined) add(caller, { kind: 'direct', node, acquisition });
      }
    }
  }
  // Callers of functions that may hand out, and their callers in turn.
  for (const unit of units) {
    if (!isFunctionNode(unit)) continue;
    for (const { call, unit: caller } of callsOf(model, unit, callsByName)) {
      if (!found.has(call) && model.callGraph.calleeOf(call) === unit) add(caller, { kind: 'local', node: call, callee: unit, acquisition: undefined });
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
  if (parent.type === 'MethodDefinition' && parent.kind === 'constructor') return nameOfClass(parent.parent.parent);
  if (parent.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if (parent.type === 'MethodDefinition' || parent.type === 'Property' || parent.type === 'PropertyDefinition') {
    return staticKeyName(parent.key, parent.computed);
  }
  return undefined;
}

function nameOfClass(node: ClassNode): string | undefined {
  const parent = node.parent;
  return node.id?.name ?? (parent.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? parent.id.name : undefined);
}
