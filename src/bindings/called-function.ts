/** Which function a call runs, by what its callee stands for. */
import { isFunctionNode, type CallLike, type ClassNode, type FunctionNode, type Node } from '../syntax/estree.ts';
import type { Bindings } from './bindings.ts';
import type { Entity, ForeignFunction } from './entity.ts';
import { superClassOf } from './resolve-member.ts';

/** The function that calling (or constructing) `entity` runs, and the module it stands in. */
export function calledFunction(bindings: Bindings, entity: Entity | undefined, call: CallLike): ForeignFunction | undefined {
  if (entity?.kind === 'foreign') return calledFunction(entity.module.bindings, entity.entity, call);
  if (entity?.kind === 'local-function') return call.type === 'NewExpression' ? undefined : { module: bindings.module, node: entity.node };
  if (call.type === 'NewExpression') return entity?.kind === 'local-class' ? constructorOf(bindings, entity.node) : undefined;
  const isSuper = call.type === 'CallExpression' && call.callee.type === 'Super';
  return isSuper && entity?.kind === 'local-instance' ? constructorOf(bindings, entity.node) : undefined;
}

/** The constructor of a class: its own, or the one that it inherits. */
function constructorOf(bindings: Bindings, node: ClassNode, below: ReadonlySet<Node> = new Set()): ForeignFunction | undefined {
  const own = ownConstructor(node);
  if (own !== undefined) return { module: bindings.module, node: own };
  if (below.has(node)) return undefined;
  const base = superClassOf(bindings, node);
  const classes = new Set([...below, node]);
  if (base?.kind === 'foreign' && base.entity.kind === 'local-class') return constructorOf(base.module.bindings, base.entity.node, classes);
  return base?.kind === 'local-class' ? constructorOf(bindings, base.node, classes) : undefined;
}

/** The constructor that a class writes out, with a body. */
function ownConstructor(node: ClassNode): FunctionNode | undefined {
  for (const element of node.body.body) {
    if (element.type === 'MethodDefinition' && element.kind === 'constructor' && isFunctionNode(element.value)) return element.value;
  }
  return undefined;
}
