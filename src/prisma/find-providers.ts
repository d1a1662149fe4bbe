import type { ProgramModel } from '../analysis/program-model.ts';
import type { Node, TSESTree } from '../syntax/estree.ts';
import { staticPropertyName } from '../syntax/static-name.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';

/** A class that a NestJS module provides: the container makes one object of it for each module that lists it. */
export interface Provider {
  /** Where the list names the class. */
  readonly node: Node;
  /** Whether the module offers it to those that import the module. */
  readonly isExported: boolean;
}

/** The classes that the `@Module(…)` decorators of the file provide. */
export function findProviders(model: ProgramModel): readonly Provider[] {
  const found: Provider[] = [];
  for (const owner of model.file.classes) {
    for (const { expression } of owner.decorators as TSESTree.Decorator[] | undefined ?? []) {
      if (expression.type !== 'CallExpression' || !isModuleDecorator(model, expression.callee)) continue;
      const [options] = expression.arguments;
      if (options?.type !== 'ObjectExpression') continue;
      const exported = new Set(elementsOf(options, 'exports').map((node) => model.text.slice(...node.range)));
      for (const element of elementsOf(options, 'providers')) {
        const node = providedClass(element);
        if (node !== undefined) found.push({ node, isExported: exported.has(model.text.slice(...node.range)) });
      }
    }
  }
  return found;
}

function isModuleDecorator(model: ProgramModel, callee: Node): boolean {
  const name = unwrapChain(callee);
  const definition = name.type === 'Identifier' ? model.scopes.variableOf(name)?.defs[0] : undefined;
  const declaration = definition?.parent as Node | null | undefined;
  const specifier = definition?.node as Node | undefined;
  if (declaration?.type !== 'ImportDeclaration' || declaration.source.value !== '@nestjs/common' || specifier?.type !== 'ImportSpecifier') return false;
  return specifier.imported.type === 'Identifier' && specifier.imported.name === 'Module';
}

function elementsOf(options: TSESTree.ObjectExpression, name: string): readonly Node[] {
  for (const property of options.properties) {
    if (property.type !== 'Property' || staticPropertyName(property) !== name || property.value.type !== 'ArrayExpression') continue;
    return property.value.elements.flatMap((element) => (element === null || element.type === 'SpreadElement' ? [] : [element]));
  }
  return [];
}

/** `PrismaService`, `{ provide: DATABASE, useClass: PrismaService }`. */
function providedClass(element: Node): Node | undefined {
  if (element.type === 'Identifier') return element;
  if (element.type !== 'ObjectExpression') return undefined;
  for (const property of element.properties) if (property.type === 'Property' && staticPropertyName(property) === 'useClass') return property.value;
  return undefined;
}
