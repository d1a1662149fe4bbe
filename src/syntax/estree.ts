/**
 * The node types that the engine speaks about. Types only: at run time the engine works on any ESTree
 * (typescript-eslint, espree, oxc), so nodes are recognised by their `type` string.
 */
import type { TSESTree } from '@typescript-eslint/utils';

export type Node = TSESTree.Node;
export type Expression = TSESTree.Expression;
export type Statement = TSESTree.Statement;
export type Identifier = TSESTree.Identifier;
export type CallLike = TSESTree.CallExpression | TSESTree.NewExpression | TSESTree.TaggedTemplateExpression;
export type FunctionNode =
  | TSESTree.ArrowFunctionExpression
  | TSESTree.FunctionExpression
  | TSESTree.FunctionDeclaration;
export type ClassNode = TSESTree.ClassDeclaration | TSESTree.ClassExpression;

/** What has a control-flow graph of its own: a function, the top level of a module, the field initialisers of a class. */
export type UnitNode = FunctionNode | TSESTree.Program | TSESTree.ClassBody;

export type { TSESTree };

/** Whether `node` is a function with a body of its own (overload signatures and `declare function` are not). */
export function isFunctionNode(node: Node): node is FunctionNode {
  return (
    node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
  );
}

/** Whether `node` is a class declaration or expression. */
export function isClassNode(node: Node): node is ClassNode {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
}

/** Whether `node` is one of the five loop statements. */
export function isLoop(node: Node): boolean {
  return (
    node.type === 'WhileStatement' ||
    node.type === 'DoWhileStatement' ||
    node.type === 'ForStatement' ||
    node.type === 'ForInStatement' ||
    node.type === 'ForOfStatement'
  );
}

/** Whether a value found in a field of a node is itself a node. */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}
