/**
 * source text → syntax tree and scopes, remembered for the last few texts.
 *
 * The executor and the engine judge look at the same text one after the other; parsing is the most expensive step of
 * both, and neither changes the tree.
 */
import { parseForESLint } from '@typescript-eslint/parser';
import type { TSESTree } from '@typescript-eslint/utils';
import { filesOf, SINGLE_FILE, type ProgramFile } from '../program-files.ts';

export type ParsedSource = ReturnType<typeof parseForESLint> & ProgramFile;

/** As many texts as a program has files. */
const REMEMBERED = 6;
const recent: ParsedSource[] = [];

/** Parses a file, a CommonJS one by its extension; throws the parser's own error when the text is not valid. */
export function parseSource(source: string, path = SINGLE_FILE, base = 0): ParsedSource {
  const known = recent.find((parsed) => parsed.source === source && parsed.path === path);
  if (known) return known.base === base ? known : { ...known, base };
  const parsed = parseForESLint(source, { range: true, loc: true, sourceType: path.endsWith('.cjs') ? 'commonjs' : 'module', jsDocParsingMode: 'none' });
  setParents(parsed.ast, parsed.visitorKeys);
  const result = { ...parsed, source, path, base };
  recent.unshift(result);
  recent.length = Math.min(recent.length, REMEMBERED);
  return result;
}

/** Parses every file of a program, in their order. */
export function parseProgram(program: string): ParsedSource[] {
  return filesOf(program).map(({ path, source, base }) => parseSource(source, path, base));
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
