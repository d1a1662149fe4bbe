import * as typescriptParser from '@typescript-eslint/parser';
import { Linter, type ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';
import plugin from '../../rules/index.ts';

const rules = Object.fromEntries(Object.keys(plugin.rules ?? {}).map((name) => [`connection-leaks/${name}`, 'error'] as const));

const leak = `import { Pool } from 'pg';
const pool = new Pool();
export async function hold() {
  const client = await pool.connect();
  await client.query('select 1');
}`;

type Config = Linter.Config;

function verify(text: string, config: Config): Linter.LintMessage[] {
  return new Linter({ configType: 'flat' }).verify(
    text,
    [{ files: ['**/*.{ts,doc}'], plugins: { 'connection-leaks': plugin }, rules, ...config } as Config],
    { filename: config.language === undefined ? 'src/file.ts' : 'src/file.doc' },
  );
}

const position = { start: { line: 1, column: 0 }, end: { line: 1, column: 4 } };

describe('a root that is no JavaScript program', () => {
  it('from a parser is left alone', () => {
    const parser = {
      parseForESLint: (text: string) => {
        const { scopeManager } = typescriptParser.parseForESLint('', { sourceType: 'module' });
        const ast = { type: 'Document', children: [], tokens: [], comments: [], range: [0, text.length], loc: position };
        return { ast, scopeManager, visitorKeys: { Document: ['children'] } };
      },
    };
    expect(verify('text', { languageOptions: { parser: parser as unknown as Linter.Parser } })).toEqual([]);
  });

  it('from another language is left alone', () => {
    /** The least that ESLint asks of a language: a tree of one node and its positions. */
    class DocumentSource {
      readonly text: string;
      readonly ast = { type: 'Document', children: [] };
      constructor(text: string) {
        this.text = text;
      }
      getText() {
        return this.text;
      }
      getLoc() {
        return position;
      }
      getRange() {
        return [0, this.text.length];
      }
      getParent() {
        return undefined;
      }
      getAllComments() {
        return [];
      }
      get lines() {
        return this.text.split('\n');
      }
      traverse() {
        return [1, 2].map((phase) => ({ kind: 1, phase, target: this.ast, args: [this.ast, undefined] }));
      }
    }
    const language = {
      fileType: 'text',
      lineStart: 1,
      columnStart: 0,
      nodeTypeKey: 'type',
      visitorKeys: { Document: ['children'] },
      defaultLanguageOptions: {},
      validateLanguageOptions() {},
      matchesSelectorClass: () => false,
      parse: (file: { body: string }) => ({ ok: true, ast: file.body }),
      createSourceCode: (file: { body: string }) => new DocumentSource(file.body),
    };
    const seen: string[] = [];
    const fake = {
      languages: { document: language },
      // Proves that rules do run on this language, so that the silence of ours means something.
      rules: { witness: { create: () => ({ Document: () => void seen.push('Document') }) } },
    } as unknown as ESLint.Plugin;
    const messages = verify('text', {
      plugins: { 'connection-leaks': plugin, fake },
      language: 'fake/document',
      rules: { ...rules, 'fake/witness': 'error' },
    } as Config);
    expect(messages).toEqual([]);
    expect(seen).toEqual(['Document']);
  });
});

describe('a parser with node types of its own', () => {
  /** Replaces the statement `FUTURE;` by a node of a type that nobody has heard of. */
  const futureParser = (keys: Record<string, string[]>, child: boolean) => ({
    parseForESLint: (text: string, options: typescriptParser.ParserOptions) => {
      const result = typescriptParser.parseForESLint(text, options);
      const replace = (value: unknown): void => {
        if (Array.isArray(value)) value.forEach(replace);
        else if (typeof value === 'object' && value !== null && 'type' in value) {
          const node = value as Record<string, unknown>;
          const expression = node['expression'] as { name?: string; callee?: { name?: string } } | undefined;
          if (node['type'] === 'ExpressionStatement' && expression?.callee?.name === 'FUTURE') {
            node['type'] = 'FutureStatement';
            if (!child) delete node['expression'];
          }
          for (const key of Object.keys(node)) if (key !== 'parent') replace(node[key]);
        }
      };
      replace(result.ast);
      return { ...result, visitorKeys: { ...result.visitorKeys, ...keys } };
    },
  });

  it.each([
    { name: 'with children', keys: { FutureStatement: ['expression'] }, child: true },
    { name: 'without children', keys: { FutureStatement: [] }, child: false },
  ])('$name stops no rule', ({ keys, child }) => {
    const code = leak.replace('await client', 'FUTURE(1);\n  await client');
    const parser = futureParser(keys, child) as unknown as Linter.Parser;
    expect(() => verify(code, { languageOptions: { parser } })).not.toThrow();
  });

  it('is left out of account outside the functions that hold a client', () => {
    const parser = futureParser({ FutureStatement: ['expression'] }, true) as unknown as Linter.Parser;
    const messages = verify(`FUTURE(1);\n${leak}`, { languageOptions: { parser } });
    expect(messages.map((message) => message.ruleId)).toEqual(['connection-leaks/require-release']);
  });
});
