/** Every rule has a page, and every example on it is true: "Incorrect" is reported by that rule, once; "Correct" by none. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';

import plugin from '../../rules/index.ts';
import { readCodeBlocks, verdictOf } from './read-code-blocks.ts';

const folder = path.resolve(import.meta.dirname, '../../docs/rules');
const ruleNames = Object.keys(plugin.rules).sort();

/** The libraries that a page has examples of. */
const LIBRARIES: Readonly<Partial<Record<string, readonly RegExp[]>>> = { 'no-multiple-prisma-clients': [/from '@prisma\/client'/, /from '@prisma\/adapter-pg'/] };
const USUAL_LIBRARIES = [/from 'pg'/, /from 'mysql2/];

/** Lints one example with all rules of the preset, and the one that the page is about; the names of those that report, in order. */
function reportedRules(code: string, language: string, name: string): string[] {
  const messages = new Linter({ configType: 'flat' }).verify(
    code,
    [
      { files: ['**/*.ts'], languageOptions: { parser } },
      plugin.configs.recommended,
      { rules: { [`connection-leaks/${name}`]: 'error' } },
    ] as Linter.Config[],
    { filename: `example.${language}` },
  );
  return messages.map((message) => message.ruleId ?? `line ${message.line}: ${message.message}`);
}

it('there is a page for every rule and no other', () => {
  expect(readdirSync(folder).sort()).toEqual(ruleNames.map((name) => `${name}.md`));
});

describe.each(ruleNames)('docs/rules/%s.md', (name) => {
  const page = readFileSync(path.join(folder, `${name}.md`), 'utf8');
  const examples = readCodeBlocks(page).filter((block) => verdictOf(block) !== undefined);
  const meta = plugin.rules[name as keyof typeof plugin.rules].meta;

  it('opens with the name of the rule and its description', () => {
    const [title, , description] = page.split('\n');
    expect(title).toBe(`# connection-leaks/${name}`);
    expect(description?.toLowerCase()).toBe(`${meta?.docs?.description?.toLowerCase()}.`);
    expect(meta?.docs?.url).toMatch(new RegExp(`/docs/rules/${name}\\.md$`));
  });

  it('has a section on options that names each one with its values', () => {
    const [schema] = meta?.schema as unknown as [{ properties: Record<string, { enum: string[] } | { enum?: undefined; items: { enum: string[] } }> }];
    const options = page.slice(page.indexOf('## Options'));
    for (const [option, value] of Object.entries(schema.properties)) {
      expect(options).toContain(`\`${option}\``);
      const words = value.enum ?? value.items.enum;
      expect(words).not.toEqual([]);
      for (const word of words) expect(options).toContain(`\`'${word}'\``);
    }
  });

  it.each(['incorrect', 'correct'] as const)('has %s examples for each library, and only in languages it can run', (verdict) => {
    const blocks = examples.filter((block) => verdictOf(block) === verdict);
    for (const library of LIBRARIES[name] ?? USUAL_LIBRARIES) expect(blocks.some((block) => library.test(block.code))).toBe(true);
    expect(blocks.filter((block) => !['js', 'ts'].includes(block.language))).toEqual([]);
  });

  it.each(examples.map((block) => ({ ...block, section: block.headings.join(', ') })))('$section, line $line', (block) => {
    const expected = verdictOf(block) === 'incorrect' ? [`connection-leaks/${name}`] : [];
    expect(reportedRules(block.code, block.language, name)).toEqual(expected);
  });
});
