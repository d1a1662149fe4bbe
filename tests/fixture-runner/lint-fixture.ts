import * as parser from '@typescript-eslint/parser';
import { Linter, type ESLint } from 'eslint';
import type { Reported } from './annotate.ts';
import { sourceTypeOf, type Fixture } from './parse-fixture.ts';
import { placeFixture } from './place-fixture.ts';

/**
 * The history of a report in one line, or undefined when it has none. ESLint's messages cannot carry
 * it, so whoever draws it reads the analysis of `text` itself and finds the report in it.
 */
export type DescribePath = (report: Reported, text: string, fixture: Fixture) => string | undefined;

/** What can be done about a report, a line each; undefined where the fixture does not show it. */
export type DescribeFixes = (report: Reported, text: string, fixture: Fixture) => readonly string[] | undefined;

/**
 * The reports of all rules of `plugin` on `text`, which is the fixture's text or a variant of it with other annotations.
 * `more` may name another version of ESLint, and whoever describes the history of a report.
 * The file passes as one of `src/`: where a file lies may decide whether it is judged, and fixtures are never tests.
 */
export function lintFixture(
  fixture: Fixture,
  text: string,
  plugin: ESLint.Plugin,
  more: { readonly describePath?: DescribePath; readonly describeFixes?: DescribeFixes; readonly Linter?: typeof Linter } = {},
): Reported[] {
  const messages = lintMessages(fixture, text, plugin, more.Linter);
  return messages.map((message) => {
    if (message.ruleId === null) throw new Error(`${fixture.path}:${message.line}: ${message.message}`);
    const report: Reported = {
      rule: message.ruleId.replace(/^connection-leaks\//, ''),
      message: message.message,
      line: message.line,
      column: message.column,
      endLine: message.endLine ?? message.line,
      endColumn: message.endColumn ?? message.column + 1,
    };
    const path = more.describePath?.(report, text, fixture);
    const fixes = more.describeFixes?.(report, text, fixture);
    return { ...report, ...(path !== undefined && { path }), ...(fixes !== undefined && { fixes }) };
  });
}

/** As `lintFixture`, as ESLint says it: with fixes and suggestions. */
export function lintMessages(fixture: Fixture, text: string, plugin: ESLint.Plugin, Linters: typeof Linter = Linter): Linter.LintMessage[] {
  const place = placeFixture(fixture.path);
  const linter = new Linters({ configType: 'flat', ...(place && { cwd: place.root }) });
  // What is no mistake is only looked for where a fixture says so.
  const isAsked = (rule: string): boolean => rule !== 'prefer-scoped-callback' || /^\/\/ rule: .*prefer-scoped-callback/m.test(text);
  const rules = Object.keys(plugin.rules ?? {}).filter(isAsked);
  return linter.verify(
    text,
    [
      {
        files: ['**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}'],
        languageOptions: {
          parser,
          sourceType: sourceTypeOf(fixture.path),
          parserOptions: { ecmaFeatures: { jsx: /x$/.test(fixture.path) } },
        },
        linterOptions: { reportUnusedDisableDirectives: 'off' },
        plugins: { 'connection-leaks': plugin },
        rules: Object.fromEntries(rules.map((rule) => [`connection-leaks/${rule}`, rule === 'require-release' && fixture.fixStyle ? ['error', { fixStyle: fixture.fixStyle }] : 'error'])),
        ...(fixture.settings === undefined ? {} : { settings: { 'connection-leaks': fixture.settings } }),
      },
    ],
    { filename: place?.file ?? `src/${fixture.path}` },
  );
}
