import type { Node } from '../syntax/estree.ts';

/** The calls that release by themselves: without those that only call a function in which another of them stands (`.then(() => client.release())`). */
export function innerReleases(releases: ReadonlySet<Node>): ReadonlySet<Node> {
  const isAround = ({ range }: Node, inner: Node): boolean => range[0] <= inner.range[0] && inner.range[1] <= range[1];
  return new Set([...releases].filter((node) => ![...releases].some((other) => other !== node && isAround(node, other))));
}
