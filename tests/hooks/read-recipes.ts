import { readCodeBlocks } from '../docs/read-code-blocks.ts';

/** One section of docs/pre-commit.md: what a user does to have the hook. */
export interface Recipe {
  readonly name: string;
  /** In the order of the page. */
  readonly steps: readonly RecipeStep[];
}

/** A file to write (`package.json`: to merge), or lines to type. */
export type RecipeStep = { readonly kind: 'file'; readonly path: string; readonly text: string } | { readonly kind: 'commands'; readonly lines: readonly string[] };

/** The recipes of the page. A block of the language `bash` is typed; any other is the file that the sentence above it names. */
export function readRecipes(page: string): Recipe[] {
  const recipes = new Map<string, RecipeStep[]>();
  const lines = page.split('\n');
  for (const { headings, language, code, line } of readCodeBlocks(page)) {
    const name = headings[0];
    if (name === undefined) throw new Error(`docs/pre-commit.md:${String(line)}: a block outside the recipes`);
    const steps = recipes.get(name) ?? [];
    recipes.set(name, steps);
    if (language === 'bash') {
      steps.push({ kind: 'commands', lines: code.trim().split('\n') });
      continue;
    }
    const sentence = lines.slice(0, line - 1).join('\n').trimEnd().split('\n').at(-1) ?? '';
    const path = /\bIn `([^`]+)`(?:, [^`]*)?:$/.exec(sentence)?.[1];
    if (path === undefined) throw new Error(`docs/pre-commit.md:${String(line)}: the line above the block names no file`);
    steps.push({ kind: 'file', path, text: code });
  }
  return [...recipes].map(([name, steps]) => ({ name, steps }));
}
