import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const eslintRequire = createRequire(require.resolve('eslint'));

/** A parser as a configuration of ESLint holds it. */
export function parserOf(name: '@typescript-eslint/parser' | 'espree'): unknown {
  return name === 'espree' ? eslintRequire(name) : require(name);
}
