/** What an annotation says: `Pool`, `pg.Pool`, `Pool | undefined`, `Promise<Pool>`, `ReturnType<typeof getPool>`, a class or type of the project. */
import type { TypeRow } from '../drivers/driver.ts';
import type { ClassNode, Identifier, Node, TSESTree } from '../syntax/estree.ts';
import type { Bindings } from './bindings.ts';
import type { Entity } from './entity.ts';
import { importedName } from './resolve-value.ts';

/** Types of the language whose first argument is what counts: `Promise<Pool>`. */
const TRANSPARENT_TYPES = new Set(['Promise', 'PromiseLike', 'Readonly', 'NonNullable', 'Awaited', 'Partial', 'Required', 'Pick', 'Omit']);
const EMPTY_TYPES = new Set(['TSNullKeyword', 'TSUndefinedKeyword', 'TSVoidKeyword']);

/** What an object with the annotation `node` is; undefined when that is not known. Ask `Bindings.entityOfType`, which remembers. */
export function resolveAnnotation(bindings: Bindings, node: TSESTree.TypeNode): Entity | undefined {
  switch (node.type) {
    case 'TSTypeReference':
      return typeOfEntityName(bindings, node.typeName) ?? typeOfLanguage(bindings, node.typeName, node.typeArguments);
    case 'TSUnionType': {
      // `Pool | PoolClient`: what can hand out is what its methods are called for.
      const known = node.types.filter((type) => !EMPTY_TYPES.has(type.type)).map((type) => bindings.entityOfType(type));
      return known.length === 1 ? known[0] : known.find((entity) => entity?.kind === 'instance' && handsOut(entity.driver.types[entity.type]));
    }
    case 'TSTypeLiteral':
      return { kind: 'local-shape', node };
    case 'TSFunctionType':
      return { kind: 'local-signature', node };
    case 'TSIntersectionType':
      for (const type of node.types) {
        const entity = bindings.entityOfType(type);
        if (entity !== undefined) return entity;
      }
      return undefined;
    case 'TSIndexedAccessType': {
      const { indexType } = node;
      const object = bindings.entityOfType(node.objectType);
      const isName = indexType.type === 'TSLiteralType' && indexType.literal.type === 'Literal' && typeof indexType.literal.value === 'string';
      return object && isName ? bindings.memberOf(object, (indexType.literal as TSESTree.StringLiteral).value) : undefined;
    }
    case 'TSImportType': {
      const module = importedBy(bindings, node);
      if (module === undefined || node.qualifier == null) return module;
      return node.qualifier.type === 'Identifier' ? bindings.typeMemberOf(module, node.qualifier.name) : undefined;
    }
    case 'TSTypeQuery':
      return valueOfQuery(bindings, node);
    default:
      return undefined;
  }
}

/** Whether objects of the type hand out connections or are opened. */
function handsOut(type: TypeRow | undefined): boolean {
  return Object.values(type?.members ?? {}).some((row) => row.effect === 'acquire' || row.effect === 'open');
}

/** `Promise<Pool>`, `ReturnType<typeof getPool>`, `InstanceType<typeof Pool>`: types that the language brings. */
export function typeOfLanguage(bindings: Bindings, typeName: Node, typeArguments: TSESTree.TSTypeParameterInstantiation | undefined): Entity | undefined {
  const argument = typeArguments?.params[0];
  if (typeName.type !== 'Identifier' || argument === undefined) return undefined;
  const { name } = typeName;
  if (TRANSPARENT_TYPES.has(name)) return bindings.entityOfType(argument);
  if (name !== 'ReturnType' && name !== 'InstanceType') return undefined;
  const entity = bindings.entityOfType(argument);
  return entity && (name === 'ReturnType' ? bindings.resultOf(entity) : bindings.instanceOf(entity, 'annotation'));
}

function typeOfEntityName(bindings: Bindings, name: TSESTree.EntityName): Entity | undefined {
  if (name.type === 'Identifier') return typeOfName(bindings, name);
  if (name.type !== 'TSQualifiedName' || name.left.type !== 'Identifier') return undefined;
  const left = bindings.entityOf(name.left) ?? typeOfName(bindings, name.left);
  return left && bindings.typeMemberOf(left, name.right.name);
}

/** `typeof pool`, `typeof pg.Pool`, `typeof import('./db').pool`: what the value is. */
function valueOfQuery(bindings: Bindings, { exprName }: TSESTree.TSTypeQuery): Entity | undefined {
  if (exprName.type === 'TSImportType') {
    const module = importedBy(bindings, exprName);
    if (module === undefined || exprName.qualifier == null) return module;
    return exprName.qualifier.type === 'Identifier' ? bindings.memberOf(module, exprName.qualifier.name) : undefined;
  }
  if (exprName.type === 'Identifier') return bindings.entityOf(exprName);
  if (exprName.type !== 'TSQualifiedName' || exprName.left.type !== 'Identifier') return undefined;
  const left = bindings.entityOf(exprName.left);
  return left && bindings.memberOf(left, exprName.right.name);
}

/** The module of `import('pg').Pool`. Version 7 of the parser wraps the specifier in a type and calls it `argument`. */
function importedBy(bindings: Bindings, node: TSESTree.TSImportType): Entity | undefined {
  const source = (node.source as Node | undefined) ?? (node as { argument?: Partial<TSESTree.TSLiteralType> }).argument?.literal;
  return source?.type === 'Literal' ? bindings.importedModule(source.value) : undefined;
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
      if (node?.type === 'TSTypeParameter') return typeOfParameter(bindings, node);
      return node?.type === 'TSInterfaceDeclaration' ? { kind: 'local-shape', node } : undefined;
    case 'ImportBinding': {
      const declaration = definition?.parent as Node | undefined;
      const module = declaration?.type === 'ImportDeclaration' ? bindings.importedModule(declaration.source.value) : undefined;
      if (module !== undefined && node) return bindings.typeMemberOf(module, importedName(node));
      return instanceOfValue(bindings, name);
    }
    case undefined: {
      const named = bindings.jsDoc.typeNamed(name.name);
      return named && bindings.entityOfType(named);
    }
    default:
      // `const { Pool } = require('pg')`, whose name JSDoc may use.
      return instanceOfValue(bindings, name);
  }
}

/** `<P extends Pool = Pool>`: what is given for it is at least that. */
function typeOfParameter(bindings: Bindings, node: TSESTree.TSTypeParameter): Entity | undefined {
  const bound = node.constraint && bindings.entityOfType(node.constraint);
  return bound ?? (node.default && bindings.entityOfType(node.default));
}

function instanceOfValue(bindings: Bindings, name: Identifier): Entity | undefined {
  const entity = bindings.entityOf(name);
  return entity && bindings.instanceOf(entity, 'annotation');
}
