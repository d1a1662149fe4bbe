/** Which classes a class is made of, and which methods are overridden in a class below. */
import type { Entity } from '../bindings/entity.ts';
import { superClassOf } from '../bindings/resolve-member.ts';
import { isClassNode, type ClassNode, type FunctionNode, type Node } from '../syntax/estree.ts';
import { staticKeyName, staticPropertyName } from '../syntax/static-name.ts';
import type { ProgramModel } from './program-model.ts';

/** A class of the project, and the file it stands in. */
export interface KnownClass {
  readonly model: ProgramModel;
  readonly node: ClassNode;
}

/** The class `node` of the file of `model`, what it extends, what that extends, and so on; at last undefined, where something is extended of which the code is not known. */
export function* lineageOf(model: ProgramModel, node: ClassNode): Generator<KnownClass | undefined> {
  const seen = new Set<ClassNode>();
  for (let at: KnownClass = { model, node }; !seen.has(at.node); ) {
    seen.add(at.node);
    yield at;
    if (at.node.superClass === null) return;
    const base: Entity | undefined = superClassOf(at.model.bindings, at.node);
    if (base?.kind === 'foreign' && base.entity.kind === 'local-class') at = { model: base.module as ProgramModel, node: base.entity.node };
    else if (base?.kind === 'local-class') at = { model: at.model, node: base.node };
    else {
      yield undefined;
      return;
    }
  }
}

/** The methods of the same name in the classes that the class of `method` extends. */
export function overriddenBy(model: ProgramModel, method: FunctionNode): readonly FunctionNode[] {
  const own = placeOfMethod(method);
  if (own === undefined) return [];
  return [...lineageOf(model.modelOf(method), own.owner)].flatMap((known) => (known === undefined || known.node === own.owner ? [] : (methodOf(known.node, own.name) ?? [])));
}

/** Whether a class of the analysed file, or of the file of `method`, extends the class of `method` and has a method of that name itself: which of them runs is up to the object. */
export function isOverridden(model: ProgramModel, method: FunctionNode): boolean {
  const own = placeOfMethod(method);
  if (own === undefined) return false;
  for (const home of new Set([model.family.analysed, model.modelOf(method)])) {
    for (const other of home.file.classes) {
      let overrides = false;
      for (const known of lineageOf(home, other)) {
        if (known === undefined) break;
        if (known.node === own.owner) {
          if (overrides) return true;
          break;
        }
        overrides ||= methodOf(known.node, own.name) !== undefined;
      }
    }
  }
  return false;
}

/** Whether `name` is an abstract method of the class around `at`, or of one that this extends: a class below has it. */
export function isAbstract(model: ProgramModel, at: Node, name: string): boolean {
  let owner: Node | undefined = at;
  while (owner !== undefined && !isClassNode(owner)) owner = owner.parent;
  if (owner === undefined) return false;
  return [...lineageOf(model, owner)].some((known) => known?.node.body.body.some((element) => element.type === 'TSAbstractMethodDefinition' && staticKeyName(element.key, element.computed) === name) === true);
}

/** The class that a method stands in, and its name there. */
function placeOfMethod(method: FunctionNode): { readonly owner: ClassNode; readonly name: string } | undefined {
  const definition: Node = method.parent;
  if (definition.type !== 'MethodDefinition' || definition.kind !== 'method' || definition.static) return undefined;
  const owner: Node = definition.parent.parent;
  const name = staticPropertyName(definition);
  return name === undefined || !isClassNode(owner) ? undefined : { owner, name };
}

function methodOf(node: ClassNode, name: string): FunctionNode | undefined {
  for (const element of node.body.body) {
    if (element.type === 'MethodDefinition' && element.kind === 'method' && !element.static && staticPropertyName(element) === name && element.value.type === 'FunctionExpression') return element.value;
  }
  return undefined;
}
