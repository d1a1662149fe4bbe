/** What a place belongs to that outlives the code which puts a resource there: an object of a class, the class itself, an object of the module, the module, the process. */
import type { Entity } from '../bindings/entity.ts';
import { selfOf } from '../bindings/resolve-value.ts';
import { lineageOf } from './class-lineage.ts';
import type { Variable } from '../bindings/scope-index.ts';
import type { SpecialRoot } from '../domain/place.ts';
import { isClassNode, isFunctionNode, type ClassNode, type Node, type TSESTree, type UnitNode } from '../syntax/estree.ts';
import { staticPropertyName } from '../syntax/static-name.ts';
import type { PlaceRef, ProgramModel } from './program-model.ts';

/** The home of a kept resource. */
export interface Holder {
  /** The file that it is written in. */
  readonly model: ProgramModel;
  /** The member that keeps the resource; undefined: a variable does. */
  readonly field: string | undefined;
  readonly variable: Variable | undefined;
  /** The class whose object (or which itself) has the member, or the object literal. */
  readonly owner: ClassNode | TSESTree.ObjectExpression | undefined;
  /** How long it lives. */
  readonly lifetime: 'object' | 'process' | 'closure';
}

const GLOBALS = /^(?:globalThis|global|window|self|process)$/;
const EXPORTS = /^(?:module|exports)$/;

/** The holder of `place`, or undefined where it is not known what that is, or how long it lives. `unit` is the code that put something there. */
export function holderOf(model: ProgramModel, place: PlaceRef, unit: UnitNode): Holder | undefined {
  const path = place.path.split('.').slice(1);
  if (path.some((name) => name === '?' || /^\d+$|^@[^@]|\(\)$/.test(name))) return undefined;
  const root = place.root as Partial<Variable> & Partial<SpecialRoot> & Partial<Node>;
  if (root.unit !== undefined && root.name === 'this') return holderOfSelf(model, root.unit, path);
  if (Array.isArray(root.defs)) return holderOfVariable(model, place.root as Variable, path, unit);
  const node = place.root as Node;
  switch (node.type) {
    case 'PropertyDefinition': {
      const owner = node.parent.parent as Node;
      const name = staticPropertyName(node);
      if (name === undefined || !isClassNode(owner)) return undefined;
      return below(model, { kind: node.static ? 'local-class' : 'local-instance', node: owner }, [name, ...path], node.static ? 'process' : 'object');
    }
    case 'NewExpression': {
      const entity = model.bindings.entityOf(node);
      return entity && below(model, entity, path, 'object');
    }
    case 'CallExpression': {
      const entity = model.bindings.entityOf(node);
      return entity && isInstance(entity) ? below(model, entity, path, 'object') : undefined;
    }
    case 'Identifier':
      // A name without a definition: what every file sees, or what others import.
      if (!GLOBALS.test(node.name) && !EXPORTS.test(node.name)) return undefined;
      return { model, field: path.at(-1), variable: undefined, owner: undefined, lifetime: 'process' };
    default:
      return undefined;
  }
}

function holderOfSelf(model: ProgramModel, unit: UnitNode, path: readonly string[]): Holder | undefined {
  const home = model.modelOf(unit);
  const inside = unit.type === 'ClassBody' ? unit.body.find((element) => element.type === 'PropertyDefinition' && !element.static && element.value !== null) : isFunctionNode(unit) ? unit.body : undefined;
  const child = inside?.type === 'PropertyDefinition' ? inside.value : inside;
  const self = child ? selfOf(child) : undefined;
  if (self === undefined) return undefined;
  const lifetime = self.kind === 'local-class' || (self.kind === 'local-object' && isOfModule(home, self.node)) ? 'process' : 'object';
  return below(home, self, path, lifetime);
}

function holderOfVariable(model: ProgramModel, variable: Variable, path: readonly string[], unit: UnitNode): Holder | undefined {
  const definition = variable.defs[0];
  const name = definition?.name as Node | undefined;
  if (name === undefined) return undefined;
  const home = model.family.modelAt(name);
  const owner = home.scopes.unitOfVariable(variable);
  const kind = definition!.type as string;
  if (owner?.type !== 'Program') {
    // A variable that closures share, which somebody else calls.
    if (path.length > 0 || kind !== 'Variable' || !isFunctionNode(unit) || home !== model || !model.callGraph.runsAnytime(unit, owner)) return undefined;
    return { model: home, field: undefined, variable, owner: undefined, lifetime: 'closure' };
  }
  if (kind === 'ClassName') {
    return path.length === 0 ? undefined : below(home, { kind: 'local-class', node: definition!.node as ClassNode }, path, 'process');
  }
  if (kind !== 'Variable') return undefined;
  if (path.length === 0) return { model: home, field: undefined, variable, owner: undefined, lifetime: 'process' };
  const entity = home.bindings.entityOf(name);
  return (entity && below(home, entity, path, 'process')) ?? { model: home, field: path.at(-1), variable: undefined, owner: undefined, lifetime: 'process' };
}

/** The holder at the end of `path`, which begins at `entity`. */
function below(model: ProgramModel, entity: Entity, path: readonly string[], lifetime: Holder['lifetime']): Holder | undefined {
  let current: Entity | undefined = entity;
  let home = model;
  for (const [index, name] of path.entries()) {
    if (current?.kind === 'foreign') {
      home = current.module as ProgramModel;
      current = current.entity;
    }
    if (current === undefined) return undefined;
    if (index < path.length - 1) {
      current = home.bindings.memberOf(current, name);
      continue;
    }
    const owner = current.kind === 'local-instance' || current.kind === 'local-class' || current.kind === 'local-object' ? current.node : undefined;
    if (owner === undefined && current.kind !== 'local-shape') return undefined;
    return { model: home, field: name, variable: undefined, owner, lifetime };
  }
  return undefined;
}

function isInstance(entity: Entity): boolean {
  return entity.kind === 'local-instance' || (entity.kind === 'foreign' && entity.entity.kind === 'local-instance');
}

/** Whether the object is made once, when its module is loaded. */
function isOfModule(model: ProgramModel, node: TSESTree.ObjectExpression): boolean {
  return model.file.unitOf(node).type === 'Program';
}

/** The classes of a family: those that `node` extends and those of its file that extend it; with the files they stand in. */
export interface ClassFamily {
  readonly classes: ReadonlySet<Node>;
  readonly models: ReadonlySet<ProgramModel>;
  /** Whether something is extended of which the code is not known. */
  readonly extendsUnknown: boolean;
}

/** The family of a class; an object literal is alone. */
export function familyOf(model: ProgramModel, node: ClassNode | TSESTree.ObjectExpression): ClassFamily {
  if (!isClassNode(node)) return { classes: new Set([node]), models: new Set([model]), extendsUnknown: false };
  const classes = new Set<Node>();
  const models = new Set<ProgramModel>();
  let extendsUnknown = false;
  for (const known of lineageOf(model, node)) {
    if (known === undefined) {
      extendsUnknown = true;
      break;
    }
    classes.add(known.node);
    models.add(known.model);
  }
  for (const other of model.file.classes) {
    for (const known of lineageOf(model, other)) {
      // What lies between two classes of one file lies in that file.
      if (known?.model !== model) break;
      if (known.node === node) {
        classes.add(other);
        break;
      }
    }
  }
  return { classes, models, extendsUnknown };
}
