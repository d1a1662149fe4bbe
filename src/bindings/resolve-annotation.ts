/** What an annotation says: `Pool`, `pg.Pool`, `Pool | undefined`, `Promise<Pool>`, `Readonly<Pool>`, a class of the project. */
import type { TypeRow } from '../drivers/driver.ts';
import type { ClassNode, Identifier, Node, TSESTree } from '../syntax/estree.ts';
import type { Bindings } from './bindings.ts';
import type { Entity } from './entity.ts';
import { importedName } from './resolve-value.ts';

/** Types whose first argument is what counts: `Promise<Pool>`. */
const TRANSPARENT_TYPES = new Set(['Promise', 'Readonly', 'NonNullable', 'Awaited', 'Partial', 'Required']);
const EMPTY_TYPES = new Set(['TSNullKeyword', 'TSUndefinedKeyword', 'TSVoidKeyword']);

/** What an object with the annotation `node` is; undefined when that is not known. Ask `Bindings.entityOfType`, which remembers. */
export function resolveAnnotation(bindings: Bindings, node: TSESTree.TypeNode): Entity | undefined {
  switch (node.type) {
    case 'TSTypeReference': {
      const entity = typeOfEntityName(bindings, node.typeName);
      if (entity !== undefined) return entity;
      const inner = node.typeArguments?.params[0];
      if (node.typeName.type === 'Identifier' && inner && TRANSPARENT_TYPES.has(node.typeName.name)) return bindings.entityOfType(inner);
      return undefined;
    }
    case 'TSUnionType': {
      // `Pool | PoolClient`: what can hand out is what its methods are called for.
      const known = node.types.filter((type) => !EMPTY_TYPES.has(type.type)).map((type) => bindings.entityOfType(type));
      return known.length === 1 ? known[0] : known.find((entity) => entity?.kind === 'instance' && handsOut(entity.driver.types[entity.type]));
    }
    case 'TSTypeLiteral':
      return { kind: 'local-shape', members: node.members };
    case 'TSIntersectionType':
      for (const type of node.types) {
        const entity = bindings.entityOfType(type);
        if (entity !== undefined) return entity;
      }
      return undefined;
    case 'TSImportType': {
      const source = node.source as Node | undefined;
      const module = source?.type === 'Literal' ? bindings.importedModule(source.value) : undefined;
      return module && node.qualifier?.type === 'Identifier' ? bindings.typeMemberOf(module, node.qualifier.name) : undefined;
    }
    case 'TSTypeQuery':
      return node.exprName.type === 'Identifier' ? bindings.entityOf(node.exprName) : undefined;
    default:
      return undefined;
  }
}

/** Whether objects of the type hand out connections or are opened. */
function handsOut(type: TypeRow | undefined): boolean {
  return Object.values(type?.members ?? {}).some((row) => row.effect === 'acquire' || row.effect === 'open');
}

function typeOfEntityName(bindings: Bindings, name: TSESTree.EntityName): Entity | undefined {
  if (name.type === 'Identifier') return typeOfName(bindings, name);
  if (name.type !== 'TSQualifiedName' || name.left.type !== 'Identifier') return undefined;
  const left = bindings.entityOf(name.left);
  return left && bindings.typeMemberOf(left, name.right.name);
}

/** What an object is whose type has the name `name` in this file. */
export function typeOfName(bindings: Bindings, name: Identifier): Entity | undefined {
  const definition = bindings.scopes.variableOf(name)?.defs[0];
  const node = definition?.node as Node | undefined;
  switch (definition?.type as string | undefined) {
    case 'ClassName':
      return { kind: 'local-instance', node: node as ClassNode };
    case 'Type':
      if (node?.type === 'TSTypeAliasDeclaration') return bindings.entityOfType(node.typeAnnotation);
      return node?.type === 'TSInterfaceDeclaration' ? { kind: 'local-shape', members: node.body.body } : undefined;
    case 'ImportBinding': {
      const declaration = definition?.parent as Node | undefined;
      const module = declaration?.type === 'ImportDeclaration' ? bindings.importedModule(declaration.source.value) : undefined;
      return module && node && bindings.typeMemberOf(module, importedName(node));
    }
    default:
      return undefined;
  }
}
