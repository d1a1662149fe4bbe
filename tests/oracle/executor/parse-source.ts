/**
 * source text → syntax tree and scopes, remembered for the last text.
 *
 * The executor and the engine judge look at the same text one after the other; parsing is the most expensive step of
 * both, and neither changes the tree.
 */
import { parseForESLint } from '@typescript-eslint/parser';
import type { TSESTree } from '@typescript-eslint/utils';

export type ParsedSource = ReturnType<typeof parseForESLint> & { readonly source: string };

let last: ParsedSource | undefined;

/** Parses a module; throws the parser's own error when the text is not valid. */
export function parseSource(source: string): ParsedSource {
  if (last?.source === source) return last;
  const parsed = parseForESLint(source, { range: true, loc: true, sourceType: 'module', jsDocParsingMode: 'none' });
  setParents(parsed.ast, parsed.visitorKeys);
  last = { ...parsed, source };
  return last;
}

/** ESLint sets parent pointers before it runs rules; the parser alone does not. */
function setParents(node: TSESTree.Node, visitorKeys: ParsedSource['visitorKeys']): void {
  for (const key of visitorKeys[node.type] ?? []) {
    const value = (node as unknown as Record<string, unknown>)[key];
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child === null || typeof child !== 'object') continue;
      (child as { parent?: TSESTree.Node }).parent = node;
      setParents(child as TSESTree.Node, visitorKeys);
    }
  }
}
