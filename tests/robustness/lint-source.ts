import * as typescriptParser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import plugin from '../../rules/index.ts';

/** How a source is read. `espree` is ESLint's own parser. */
export interface Reading {
  readonly parser: 'typescript' | 'espree';
  readonly sourceType: 'module' | 'script' | 'commonjs';
  readonly jsx?: boolean;
}

/** Every combination of parser and kind of program, JSX on. */
export const readings: readonly Reading[] = (['typescript', 'espree'] as const).flatMap((parser) =>
  (['module', 'script', 'commonjs'] as const).map((sourceType) => ({ parser, sourceType, jsx: true })),
);

/** What one lint says: a parse error, or the names of the rules that reported, in the order of their places. */
export type Outcome = { readonly parseError: string } | { readonly reported: readonly string[] };

/**
 * Lints `text` with every rule of the plugin on, or `only` one. An exception of a rule comes out as an exception.
 * `settings` are those of the plugin, `options` go to every rule.
 */
export function lintSource(
  text: string,
  reading: Reading,
  more: { settings?: unknown; options?: readonly unknown[]; only?: string; withRules?: boolean } = {},
): Outcome {
  const linter = new Linter({ configType: 'flat' });
  const all = more.withRules === false ? [] : Object.keys(plugin.rules ?? {});
  const names = more.only === undefined ? all : all.filter((name) => name === more.only);
  const messages = linter.verify(
    text,
    [
      {
        files: ['**/*.{js,ts,tsx}'],
        languageOptions: {
          ...(reading.parser === 'typescript' ? { parser: typescriptParser } : {}),
          sourceType: reading.sourceType,
          parserOptions: { ecmaFeatures: { jsx: reading.jsx === true } },
        },
        linterOptions: { reportUnusedDisableDirectives: 'off' },
        plugins: { 'connection-leaks': plugin },
        rules: Object.fromEntries(
          names.map((name) => [`connection-leaks/${name}`, ['error', ...(more.options ?? [])]]),
        ) as Linter.RulesRecord,
        ...(more.settings === undefined ? {} : { settings: { 'connection-leaks': more.settings } }),
      },
    ],
    { filename: fileName(reading) },
  );
  const fatal = messages.find((message) => message.fatal === true);
  if (fatal !== undefined) return { parseError: fatal.message };
  return { reported: messages.map((message) => (message.ruleId ?? '').replace(/^connection-leaks\//, '')) };
}

/** typescript-eslint decides about JSX by the extension. */
function fileName(reading: Reading): string {
  if (reading.parser === 'espree') return 'src/file.js';
  return reading.jsx === true ? 'src/file.tsx' : 'src/file.ts';
}
