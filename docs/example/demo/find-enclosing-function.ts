import type { TSESTree } from '@typescript-eslint/utils';

/**
 * The dotted name of the innermost named function around an offset, such as `OrderRepository.create` or
 * `healthRoutes.live`: the expected findings go by it, because line numbers change with every edit.
 */
export function findEnclosingFunction(program: TSESTree.Program, offset: number): string {
  const names: string[] = [];
  let node: TSESTree.Node | undefined = program;
  while (node) {
    const name = nameOf(node);
    if (name !== undefined) names.push(name);
    node = eachChildOf(node).find((child) => child.range[0] <= offset && offset < child.range[1]);
  }
  return names.join('.');
}

function nameOf(node: TSESTree.Node): string | undefined {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return node.id?.name;
    case 'MethodDefinition':
      return node.key.type === 'Identifier' ? node.key.name : undefined;
    case 'VariableDeclarator':
      return node.id.type === 'Identifier' && node.init?.type.endsWith('FunctionExpression') === true
        ? node.id.name
        : undefined;
    default:
      return undefined;
  }
}

function eachChildOf(node: TSESTree.Node): TSESTree.Node[] {
  return Object.entries(node)
    .filter(([key]) => key !== 'parent')
    .flatMap(([, value]: [string, unknown]) => (Array.isArray(value) ? value : [value]))
    .filter(isNode);
}

function isNode(value: unknown): value is TSESTree.Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'range' in value;
}
