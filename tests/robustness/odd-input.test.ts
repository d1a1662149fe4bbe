import { describe, expect, it } from 'vitest';
import { lintSource, readings } from './lint-source.ts';
import { oddInputs } from './odd-inputs.ts';

const all = [...readings, { parser: 'typescript', sourceType: 'module', jsx: false } as const];

describe.each(oddInputs)('$name', ({ code, reported }) => {
  const read = all.filter((reading) => !('parseError' in lintSource(code, reading, { withRules: false })));

  it('parses', () => {
    expect(read).not.toEqual([]);
  });

  it.each(read)('is judged in $sourceType by $parser, JSX $jsx', (reading) => {
    const outcome = lintSource(code, reading);
    expect(outcome).not.toHaveProperty('parseError');
    if (reported !== undefined) expect(outcome).toEqual({ reported });
  });
});
