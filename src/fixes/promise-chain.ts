/** A chain of reactions, link by link: `client.query('…').then(rowsOf).catch(report)`. */
import { REACTIONS } from '../analysis/call-shape.ts';
import type { Node, TSESTree } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';

export interface ChainLink {
  readonly name: 'then' | 'catch' | 'finally';
  readonly call: TSESTree.CallExpression;
  /** From the end of what it is chained to, to its own. */
  readonly range: readonly [number, number];
  readonly reactions: readonly Node[];
}

export interface PromiseChain {
  /** What gives the first promise. */
  readonly head: Node;
  readonly links: readonly ChainLink[];
}

/** The chain that ends in an expression; one without links is its head alone. */
export function chainEndingIn(text: string, whole: Node): PromiseChain {
  const links: ChainLink[] = [];
  let head = unwrapExpression(whole);
  for (;;) {
    const link = linkOf(text, head);
    if (link === undefined) return { head, links };
    links.unshift(link);
    head = unwrapExpression((link.call.callee as TSESTree.MemberExpression).object);
  }
}

function linkOf(text: string, call: Node): ChainLink | undefined {
  if (call.type !== 'CallExpression' || call.optional || call.callee.type !== 'MemberExpression' || call.callee.optional) return undefined;
  const { object, property } = call.callee;
  const name = staticMemberName(call.callee);
  // A parenthesis or a comment between the two.
  if (name === undefined || !REACTIONS.has(name) || !/^\s*\.\s*$/.test(text.slice(object.range[1], property.range[0]))) return undefined;
  return { name: name as ChainLink['name'], call, range: [object.range[1], call.range[1]], reactions: call.arguments };
}

/** Which link of the chain `node` stands in, from 1 on; 0 is the head. */
export function linkAround({ links }: PromiseChain, node: Node): number {
  return 1 + links.findIndex(({ range }) => range[0] <= node.range[0] && node.range[1] <= range[1]);
}

/** Where the promise of a link ends in the source; 0 is the head. */
export function endOfLink({ head, links }: PromiseChain, index: number): number {
  return index === 0 ? (links[0]?.range[0] ?? head.range[1]) : links[index - 1]!.range[1];
}
