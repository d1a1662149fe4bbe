/** Which receivers of a file are the same one, as far as their syntax says: what one call shows about a receiver holds for its other calls. */
import type { ClassNode, Node, TSESTree } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { Entity } from './entity.ts';
import type { ScopeIndex } from './scope-index.ts';

/** Names for the things that calls are made on: a module, a variable, a field, a class. */
export class ReceiverKeys {
  private readonly ids = new Map<unknown, number>();
  private readonly scopes: ScopeIndex;
  private readonly entityOf: (node: Node) => Entity | undefined;

  constructor(scopes: ScopeIndex, entityOf: (node: Node) => Entity | undefined) {
    this.scopes = scopes;
    this.entityOf = entityOf;
  }

  /** The thing that offers the called function or method. */
  ofCallee(callee: Node): string | undefined {
    if (callee.type === 'Identifier') {
      const module = this.moduleOf(callee);
      return module === undefined ? 'functions of this file' : `module ${module}`;
    }
    if (callee.type !== 'MemberExpression') return undefined;
    return this.ofReceiver(unwrapChain(callee.object));
  }

  /** The class, as what offers its methods. */
  ofClass(node: ClassNode): string {
    return `class ${String(this.idOf(node))}`;
  }

  /** The module that the called identifier is imported from. */
  moduleOf(callee: Node): string | undefined {
    if (callee.type !== 'Identifier') return undefined;
    const definition = this.scopes.variableOf(callee)?.defs[0];
    const declaration = definition?.parent as Node | null | undefined;
    if (declaration?.type === 'ImportDeclaration') return declaration.source.value;
    const init = (definition?.node as Node | undefined)?.type === 'VariableDeclarator' ? (definition!.node as TSESTree.VariableDeclarator).init : null;
    if (init?.type === 'CallExpression' && init.callee.type === 'Identifier' && init.callee.name === 'require') {
      const argument = init.arguments[0];
      if (argument?.type === 'Literal' && typeof argument.value === 'string') return argument.value;
    }
    return undefined;
  }

  private ofReceiver(object: Node): string | undefined {
    const entity = this.entityOf(object);
    if (entity?.kind === 'local-instance') return this.ofClass(entity.node);
    if (object.type === 'Identifier') {
      const variable = this.scopes.variableOf(object);
      return variable === undefined ? `global ${object.name}` : `variable ${String(this.idOf(variable))}`;
    }
    if (object.type === 'ThisExpression') {
      for (let parent = object.parent as Node | undefined; parent; parent = parent.parent) {
        if (parent.type === 'ClassDeclaration' || parent.type === 'ClassExpression') return this.ofClass(parent);
      }
      return undefined;
    }
    if (object.type === 'MemberExpression') {
      const inner = this.ofReceiver(unwrapChain(object.object));
      const name = staticMemberName(object);
      return inner === undefined || name === undefined ? undefined : `${inner}.${name}`;
    }
    return undefined;
  }

  private idOf(key: unknown): number {
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const id = this.ids.size;
    this.ids.set(key, id);
    return id;
  }
}
