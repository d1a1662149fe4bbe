/**
 * Copies a syntax tree back to text, node by node, so that a subclass can write some nodes differently.
 *
 * The default for a node is its own source text with each child replaced by what `write(child)` gives, which keeps
 * parentheses, operators and comments as they are. TypeScript's type-only syntax is left out.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { ParsedSource } from './parse-source.ts';

/** Syntax the executor cannot run; a generated program that contains it is a fault of the generator. */
export class UnsupportedSyntax extends Error {
  constructor(node: TSESTree.Node) {
    super(`the oracle cannot run ${node.type} (line ${node.loc.start.line})`);
  }
}

export abstract class SourceRewriter {
  protected readonly source: string;

  constructor(protected readonly parsed: ParsedSource) {
    this.source = parsed.source;
  }

  /** The text that stands for a node. */
  abstract write(node: TSESTree.Node): string;

  /** The node's own text with each child rewritten. */
  protected splice(node: TSESTree.Node): string {
    let text = '';
    let position = node.range[0];
    for (const child of this.childrenOf(node)) {
      text += this.source.slice(position, child.range[0]) + this.write(child);
      position = child.range[1];
    }
    return text + this.source.slice(position, node.range[1]);
  }

  /** The children of a node in source order. */
  protected childrenOf(node: TSESTree.Node): TSESTree.Node[] {
    const children: TSESTree.Node[] = [];
    for (const key of this.parsed.visitorKeys[node.type] ?? []) {
      const value = (node as unknown as Record<string, unknown>)[key];
      if (Array.isArray(value)) {
        for (const item of value) if (isNode(item)) children.push(item);
      } else if (isNode(value)) {
        children.push(value);
      }
    }
    return children.sort((a, b) => a.range[0] - b.range[0]);
  }

  /** Drops types and keeps the value of a type wrapper; undefined when the node is ordinary JavaScript. */
  protected writeTypeSyntax(node: TSESTree.Node): string | undefined {
    switch (node.type) {
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSTypeAssertion':
      case 'TSInstantiationExpression':
        return `(${this.write(node.expression)})`;
      case 'TSNonNullExpression':
        // No parentheses: `a?.b!.c` is one optional chain.
        return this.write(node.expression);
      case 'TSTypeAnnotation':
      case 'TSTypeParameterDeclaration':
      case 'TSTypeParameterInstantiation':
      case 'TSInterfaceDeclaration':
      case 'TSTypeAliasDeclaration':
      case 'TSClassImplements':
      case 'TSDeclareFunction':
        return '';
      case 'Identifier':
        // Leaves out the annotation and the `?` of an optional parameter.
        return node.name;
      default:
        if (node.type.startsWith('TS') && node.type !== 'TSParameterProperty') throw new UnsupportedSyntax(node);
        return undefined;
    }
  }
}

export function isNode(value: unknown): value is TSESTree.Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}
