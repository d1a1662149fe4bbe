import type { Node, TSESTree } from '../syntax/estree.ts';
import type { Lender } from './lender.ts';

/** What the types of a function that lends say. */
export interface LenderTypes {
  /** Whether it has the type of what its callback gives. */
  readonly givesResult: boolean;
}

/** What the annotations say of the callback: that it is given the connection, and that what it returns comes back; undefined where they say something else, or what is not known. */
export function lenderTypes({ model, unit, callback, site }: Lender): LenderTypes | undefined {
  const holder = unit.parent.type === 'VariableDeclarator' ? unit.parent.id : undefined;
  if (holder?.type === 'Identifier' && holder.typeAnnotation) return undefined;
  const parameter = unit.params.find((one) => one.type === 'Identifier' && model.scopes.variableOf(one) === callback);
  const type = parameter?.type === 'Identifier' ? parameter.typeAnnotation?.typeAnnotation : undefined;
  const returned = unit.returnType?.typeAnnotation;
  if (type === undefined || isAny(type)) return { givesResult: returned === undefined || isAny(promised(returned)) };
  if (type.type !== 'TSFunctionType' || type.params.length === 0) return undefined;
  const [first, ...others] = type.params;
  const given = first?.type === 'Identifier' ? first.typeAnnotation?.typeAnnotation : undefined;
  const entity = given && model.bindings.entityOfType(given);
  const isConnection = given !== undefined && (isAny(given) || (entity?.kind === 'instance' && entity.driver.types[entity.type] === site.acquisition.type));
  if (!isConnection || others.some((other) => other.type !== 'Identifier' || other.optional !== true)) return undefined;
  const result = resultOf(type.returnType?.typeAnnotation);
  const isOwn = (node: Node | undefined): boolean => node !== undefined && (isAny(node) || isFreeParameter(node, unit.typeParameters));
  return { givesResult: isOwn(result) && (returned === undefined || isAny(promised(returned)) || nameOf(promised(returned)) === nameOf(result)) };
}

function isAny(node: Node | undefined): boolean {
  return node?.type === 'TSAnyKeyword';
}

/** `T` of `Promise<T>`, and of `T | Promise<T>`. */
function resultOf(node: Node | undefined): Node | undefined {
  if (node?.type !== 'TSUnionType') return promised(node);
  const [result] = node.types.flatMap((type) => promised(type) ?? []);
  return result !== undefined && node.types.length === 2 && node.types.some((type) => nameOf(type) !== undefined && nameOf(type) === nameOf(result)) ? result : undefined;
}

/** `T` of `Promise<T>`. */
function promised(node: Node | undefined): Node | undefined {
  if (isAny(node)) return node;
  return node?.type === 'TSTypeReference' && node.typeName.type === 'Identifier' && node.typeName.name === 'Promise' && node.typeArguments?.params.length === 1 ? node.typeArguments.params[0] : undefined;
}

function nameOf(node: Node | undefined): string | undefined {
  return node?.type === 'TSTypeReference' && node.typeName.type === 'Identifier' && !node.typeArguments ? node.typeName.name : undefined;
}

/** A type parameter of the function that may be anything. */
function isFreeParameter(node: Node, parameters: TSESTree.TSTypeParameterDeclaration | undefined): boolean {
  const name = nameOf(node);
  return name !== undefined && parameters?.params.some((one) => one.name.name === name && !one.constraint) === true;
}
