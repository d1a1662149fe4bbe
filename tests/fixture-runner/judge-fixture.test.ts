import { describe, expect, it } from 'vitest';
import type { Reported } from './annotate.ts';
import { judgeFixture } from './judge-fixture.ts';
import { parseFixture } from './parse-fixture.ts';

const text = [
  '// rule: require-release',
  'export function leakBad() {',
  '  take();',
  '}',
  'export class Repository {',
  '  findOk() {',
  '    take();',
  '  }',
  '  // rule: no-double-release, no-use-after-release',
  '  saveBad() {',
  '    take();',
  '    take();',
  '  }',
  '}',
  'take();',
].join('\n');

const at = (line: number, rule = 'require-release'): Reported => ({
  rule,
  message: 'm',
  line,
  column: 5,
  endLine: line,
  endColumn: 9,
});
const right = [at(3), at(11, 'no-double-release'), at(12, 'no-use-after-release')];

describe('judgeFixture', () => {
  it('accepts reports that match the names', () => {
    expect(judgeFixture(parseFixture('a/b.ts', text), right)).toEqual([]);
  });

  it('wants a report in each Bad', () => {
    expect(judgeFixture(parseFixture('a/b.ts', text), right.slice(1))).toEqual([
      'leakBad breaks require-release, reported: nothing',
    ]);
  });

  it('wants every rule of a Bad and no other', () => {
    expect(judgeFixture(parseFixture('a/b.ts', text), [at(3), at(11, 'no-double-release')])).toHaveLength(1);
    expect(judgeFixture(parseFixture('a/b.ts', text), [...right, at(3, 'no-double-release')])).toHaveLength(1);
  });

  it('accepts either name of a defect that has two, but not both and not none', () => {
    const either = parseFixture('a/b.ts', text.replace('no-double-release, no-use', 'no-double-release or no-use'));
    expect(judgeFixture(either, [at(3), at(11, 'no-double-release')])).toEqual([]);
    expect(judgeFixture(either, [at(3), at(12, 'no-use-after-release')])).toEqual([]);
    expect(judgeFixture(either, right)).toHaveLength(1);
    expect(judgeFixture(either, [at(3)])).toHaveLength(1);
  });

  it('wants silence in each Ok and outside all units', () => {
    expect(judgeFixture(parseFixture('a/b.ts', text), [...right, at(7)])).toEqual([
      'findOk is right, but: require-release in line 7',
    ]);
    expect(judgeFixture(parseFixture('a/b.ts', text), [...right, at(15)])).toEqual([
      '(top level) is right, but: require-release in line 15',
    ]);
  });

  it('lets the top level be Bad', () => {
    const topLevel = text.replace('// rule', '// top level: Bad\n// rule');
    const moved = right.map((report) => at(report.line + 1, report.rule));
    expect(judgeFixture(parseFixture('a/b.ts', topLevel), [...moved, at(16)])).toEqual([]);
    expect(judgeFixture(parseFixture('a/b.ts', topLevel), moved)).toHaveLength(1);
  });

  it('wants a known miss to be missed still', () => {
    const miss = parseFixture('a/fn.b.ts', `// cause: why\n${text}`);
    expect(judgeFixture(miss, [])).toEqual([]);
    expect(judgeFixture(miss, [at(4)])).toEqual([
      'leakBad is no longer missed (require-release in line 4): drop the prefix fn.',
    ]);
  });

  it('wants a known false alarm to be one still', () => {
    const alarm = parseFixture('a/fp.b.ts', '// cause: why\nexport function quietOk() {\n  take();\n}');
    expect(judgeFixture(alarm, [at(3)])).toEqual([]);
    expect(judgeFixture(alarm, [])).toEqual(['quietOk is no longer reported: drop the prefix fp.']);
  });
});

describe('parseFixture', () => {
  it.each([
    ['a/b.ts', 'export const nothing = 1;', /nothing in it/],
    ['a/b.ts', 'export function xBad() {}', /needs a rule/],
    ['a/b.ts', '// rule: require-relese\nexport function xBad() {}', /no rule is called/],
    ['a/fn.b.ts', '// rule: require-release\nexport function xBad() {}', /needs a line/],
    ['a/b.ts', '// cause: why\nexport function xOk() {}', /has a cause/],
  ])('refuses %s with %s', (path, source, problem) => {
    expect(() => parseFixture(path, source)).toThrow(problem);
  });

  it('knows functions, methods, classes, fields and variables by name', () => {
    const names = parseFixture(
      'a/b.ts',
      '// rule: require-release\nclass ABad { bOk = 1; cOk() {} }\nconst dOk = () => { const x = { eBad() {} }; }',
    ).units.map((unit) => unit.name);
    expect(names).toEqual(['(top level)', 'ABad', 'bOk', 'cOk', 'dOk', 'eBad']);
  });

  it('knows a function once, however often it is named', () => {
    const units = parseFixture(
      'a/b.cjs',
      '// rule: require-release\nconst aBad = function aBad() {};\nfunction bOk() {}\nmodule.exports = { aBad, bOk };',
    ).units.map((unit) => unit.name);
    expect(units).toEqual(['(top level)', 'aBad', 'bOk']);
  });
});
