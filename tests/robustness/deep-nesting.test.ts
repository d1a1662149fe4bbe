import { describe, expect, it } from 'vitest';
import { lintSource, type Reading } from './lint-source.ts';

/**
 * Parsers and ESLint walk the tree by recursion and give up at some depth. Wherever they do not, the rules must not either:
 * for each kind of nesting the deepest code that ESLint reads with no rule on is searched, and then linted at four fifths of that depth.
 */
const kinds: readonly { readonly name: string; readonly code: (depth: number) => string }[] = [
  { name: 'blocks', code: (n) => '{'.repeat(n) + 'a();' + '}'.repeat(n) },
  { name: 'ifs', code: (n) => 'if (a()) '.repeat(n) + 'b();' },
  { name: 'else-ifs', code: (n) => 'if (a()) b(); else '.repeat(n) + 'c();' },
  { name: 'loops', code: (n) => 'while (a()) '.repeat(n) + 'b();' },
  { name: 'conditional expressions', code: (n) => `x = ${'a() ? b : '.repeat(n)} c;` },
  { name: 'arrays', code: (n) => `x = ${'['.repeat(n)}${']'.repeat(n)};` },
  { name: 'objects', code: (n) => `x = ${'{ a: '.repeat(n)}1${' }'.repeat(n)};` },
  { name: 'calls', code: (n) => `${'f('.repeat(n)}1${')'.repeat(n)};` },
  { name: 'members', code: (n) => `x${'.a'.repeat(n)};` },
  { name: 'method calls', code: (n) => `x${'.a()'.repeat(n)};` },
  { name: 'optional calls', code: (n) => `x${'?.a()'.repeat(n)};` },
  { name: 'sums', code: (n) => `x = 1${' + 1'.repeat(n)};` },
  { name: 'negations', code: (n) => `x = ${'!'.repeat(n)}a;` },
  { name: 'logical operators', code: (n) => `x = a()${' && a()'.repeat(n)};` },
  { name: 'assignments', code: (n) => `${'x = '.repeat(n)}a();` },
  { name: 'awaits', code: (n) => `${'await '.repeat(n)}a();` },
  { name: 'arrow functions', code: (n) => `x = ${'() => '.repeat(n)}1;` },
  { name: 'functions', code: (n) => 'function f() {'.repeat(n) + 'a();' + '}'.repeat(n) },
  { name: 'parenthesised assignments', code: (n) => `x = ${'(y = '.repeat(n)}a()${')'.repeat(n)};` },
  { name: 'patterns', code: (n) => `const ${'{ a: '.repeat(n)}b${' }'.repeat(n)} = c;` },
  { name: 'labels', code: (n) => Array.from({ length: n }, (_, i) => `l${i}: `).join('') + 'a();' },
];

const around = (code: string) => `import { Pool } from 'pg';
const pool = new Pool();
export async function hold(x) {
  const client = await pool.connect();
  ${code}
  await client.query('select 1');
}`;

const reads = (code: string, reading: Reading): boolean => {
  try {
    return !('parseError' in lintSource(code, reading, { withRules: false }));
  } catch (error) {
    if (error instanceof RangeError || String(error).includes('Maximum call stack')) return false;
    throw error;
  }
};

/** The greatest depth between 16 and 2,048 that ESLint reads, within an eighth. */
function deepest(code: (depth: number) => string, reading: Reading): number {
  let low = 16;
  let high = 2048;
  if (reads(around(code(high)), reading)) return high;
  while (high - low > Math.max(32, low / 8)) {
    const middle = (low + high) >> 1;
    if (reads(around(code(middle)), reading)) low = middle;
    else high = middle;
  }
  return low;
}

describe.each([
  { parser: 'typescript', sourceType: 'module' },
  { parser: 'espree', sourceType: 'module' },
] as const)('nesting as deep as $parser reads', (reading) => {
  it.each(kinds)(
    '$name',
    ({ code }) => {
      const depth = Math.floor(deepest(code, reading) * 0.8);
      expect(lintSource(around(code(depth)), reading)).toEqual({ reported: ['require-release'] });
    },
    60_000,
  );
});
