/** The option `fixStyle` of require-release, by ESLint. */
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { expect, it } from 'vitest';
import plugin from '../../rules/index.ts';

const CODE = `import { Pool } from 'pg';
const pool = new Pool();
async function withClient(work) {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}
export async function readOrders() {
  const client = await pool.connect();
  const { rows } = await client.query('select * from orders');
  client.release();
  return rows;
}
`;

function offers(option?: object): string[] {
  const config = [{ files: ['**/*.ts'], languageOptions: { parser }, plugins: { 'connection-leaks': plugin }, rules: { 'connection-leaks/require-release': ['error', ...(option ? [option] : [])] } }];
  const messages = new Linter({ configType: 'flat' }).verify(CODE, config as unknown as Linter.Config[], { filename: 'src/orders.ts' });
  expect(messages).toHaveLength(1);
  const [{ fix, suggestions = [] }] = messages as [Linter.LintMessage];
  return [...(fix ? [fix.text] : []), ...suggestions.map((one) => one.fix.text)].map((text) => (/withClient/.test(text) ? 'callback' : /finally/.test(text) ? 'block' : /pool\.query|^pool$/.test(text) || !/connect/.test(text) ? 'query' : text));
}

it.each([
  [undefined, ['query', 'callback', 'block']],
  [['single-shot', 'scoped-callback', 'try-finally'], ['query', 'callback', 'block']],
  [['scoped-callback', 'single-shot'], ['callback', 'query']],
  [['try-finally', 'single-shot'], ['block', 'query']],
  [['try-finally'], ['block']],
  // pg has no dispose method.
  [['await-using'], []],
  [['await-using', 'try-finally'], ['block']],
  [[], []],
])('offers what is asked for, in this order: %j', (fixStyle, expected) => {
  expect(offers(fixStyle && { fixStyle })).toEqual(expected);
});

it.each([
  [{ fixStyle: 'try-finally' }, /Value "try-finally" should be array/],
  [{ fixStyle: ['finally'] }, /should be equal to one of the allowed values/],
  [{ fixStyle: ['try-finally', 'try-finally'] }, /should NOT have duplicate items/],
])('says what is wrong with %j', (option, problem) => {
  expect(() => offers(option)).toThrow(problem);
});
