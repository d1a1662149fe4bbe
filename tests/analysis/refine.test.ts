/** What a test teaches: for each condition, what `x` can be where it holds and where it does not. */
import { describe, expect, it } from 'vitest';
import { AnalysisContext } from '../../src/analysis/analysis-context.ts';
import { refineBranch, refineCondition } from '../../src/analysis/refine.ts';
import { Run } from '../../src/analysis/run.ts';
import { maskOf } from '../../src/analysis/value-of.ts';
import { START, type Disjunct } from '../../src/domain/disjunct.ts';
import { withFact } from '../../src/domain/facts.ts';
import { ALL, printMask } from '../../src/domain/value-mask.ts';
import type { TSESTree } from '../../src/syntax/estree.ts';
import { findNode, modelOfSource } from '../model-of-source.ts';

const TRUTHY_TEXT = 'true|truthy|fulfils|rejects';
const IMPOSSIBLE = 'impossible';

/** `x` on both sides of `if (condition)`, when it is one of `before`. */
function sides(condition: string, before: number): [string, string] {
  const model = modelOfSource(`function f(x, y) { if (${condition}) a(); }`);
  const context = new AnalysisContext(model);
  new Run(context, model.file.units[1]!, 0);
  const parameter = findNode(model, 'x', 'Identifier');
  const place = model.placeOf(parameter);
  const state: Disjunct = { ...START, facts: withFact(START.facts, model.places.placeKey(place.root, place.path).id, before) };
  const test = (findNode(model, `if (${condition}) a();`) as TSESTree.IfStatement).test;
  const side = (outcome: boolean): string => {
    const refined = refineCondition(model, context.tests, state, test, outcome);
    return refined === undefined ? IMPOSSIBLE : printMask(maskOf(model, refined, parameter));
  };
  return [side(true), side(false)];
}

/** Everything but promises, which tests do not tell from other objects. */
const ANY = 0b111111;
const NOT = { nullish: 'false|true|falsy|truthy', undefined: 'null|false|true|falsy|truthy', null: 'undefined|false|true|falsy|truthy' };

describe('conditions on a variable of which nothing is known', () => {
  it.each([
    ['x', 'true|truthy', 'undefined|null|false|falsy'],
    ['!x', 'undefined|null|false|falsy', 'true|truthy'],
    ['!!x', 'true|truthy', 'undefined|null|false|falsy'],
    ['Boolean(x)', 'true|truthy', 'undefined|null|false|falsy'],
    ['x === null', 'null', NOT.null],
    ['null === x', 'null', NOT.null],
    ['x !== null', NOT.null, 'null'],
    ['x === undefined', 'undefined', NOT.undefined],
    ['x !== undefined', NOT.undefined, 'undefined'],
    ['x === void 0', 'undefined', NOT.undefined],
    ['x == null', 'undefined|null', NOT.nullish],
    ['x != null', NOT.nullish, 'undefined|null'],
    ['x == undefined', 'undefined|null', NOT.nullish],
    ['x === true', 'true', 'undefined|null|false|falsy|truthy'],
    ['x !== false', 'undefined|null|true|falsy|truthy', 'false'],
    ["typeof x === 'undefined'", 'undefined', NOT.undefined],
    ["typeof x !== 'undefined'", NOT.undefined, 'undefined'],
    ["typeof x === 'string'", 'undefined|null|false|true|falsy|truthy', 'undefined|null|false|true|falsy|truthy'],
    ['x instanceof Error', 'true|truthy', 'undefined|null|false|true|falsy|truthy'],
    ['x === 1', 'undefined|null|false|true|falsy|truthy', 'undefined|null|false|true|falsy|truthy'],
    ['x > 1', 'undefined|null|false|true|falsy|truthy', 'undefined|null|false|true|falsy|truthy'],
    ['x == true', 'undefined|null|false|true|falsy|truthy', 'undefined|null|false|true|falsy|truthy'],
    ['(x as any)', 'true|truthy', 'undefined|null|false|falsy'],
    ['x = y', 'true|truthy', 'undefined|null|false|falsy'],
    ['test(x)', 'undefined|null|false|true|falsy|truthy', 'undefined|null|false|true|falsy|truthy'],
  ])('%s', (condition, whenTrue, whenFalse) => {
    expect(sides(condition, ANY)).toEqual([whenTrue, whenFalse]);
  });
});

describe('a side that cannot be taken', () => {
  it.each([
    ['x', 0b10, [IMPOSSIBLE, 'null']],
    ['!x', 0b100000, [IMPOSSIBLE, 'truthy']],
    ['x === null', 0b10, ['null', IMPOSSIBLE]],
    ['x == null', 0b1000, [IMPOSSIBLE, 'true']],
    ['x != null', 0b11, [IMPOSSIBLE, 'undefined|null']],
    ["typeof x === 'undefined'", 0b1, ['undefined', IMPOSSIBLE]],
    ['x instanceof Error', 0b10, [IMPOSSIBLE, 'null']],
  ] as const)('%s', (condition, before, expected) => {
    expect(sides(condition, before)).toEqual(expected);
  });
});

/** `x` on both sides of the first branch in the graph of `body`. */
function branchSides(body: string): [string, string] {
  const model = modelOfSource(`function f(x) { ${body} }`);
  const context = new AnalysisContext(model);
  const run = new Run(context, model.file.units[1]!, 0);
  const branch = run.graph.instructions.find((instruction) => instruction.op === 'branch')!;
  const parameter = findNode(model, 'x', 'Identifier');
  const side = (outcome: boolean): string => {
    const refined = refineBranch(model, context.tests, START, branch, outcome);
    return refined === undefined ? IMPOSSIBLE : printMask(maskOf(model, refined, parameter));
  };
  return [side(true), side(false)];
}

describe('branches without a condition', () => {
  it.each([
    // A program that asks whether a value is absent means an object or nothing by it: `false`, `0` and `''` are out (test-index.ts).
    ['nullish', 'x ?? f();', 'undefined|null', TRUTHY_TEXT],
    ['optional', 'x?.f();', 'undefined|null', TRUTHY_TEXT],
    ['nullish assignment', 'x ??= f();', 'undefined|null', TRUTHY_TEXT],
    ['default', 'const [y = f()] = [x];', 'any', 'any'],
    ['and', 'x && f();', TRUTHY_TEXT, 'undefined|null|false|falsy'],
    ['or', 'x || f();', TRUTHY_TEXT, 'undefined|null|false|falsy'],
    ['case of a literal', 'switch (x) { case 1: }', 'any', 'any'],
    ['case of a boolean', 'switch (x) { case true: }', 'true', 'undefined|null|false|falsy|truthy|fulfils|rejects'],
  ])('%s', (_, body, whenTrue, whenFalse) => {
    expect(branchSides(body)).toEqual([whenTrue, whenFalse]);
  });
});

describe('two tests of one condition', () => {
  it.each([
    ["x === 'a'", "x === 'a'"],
    ['x > 3', 'x > 3'],
    ['x instanceof Error', 'x instanceof Error'],
    ['x.kind === y', 'x.kind === y'],
  ])('%s and again %s agree', (first, second) => {
    const model = modelOfSource(`function f(x, y) { if (${first}) a(); if (${second}) b(); }`);
    const context = new AnalysisContext(model);
    new Run(context, model.file.units[1]!, 0);
    const test = (findNode(model, `if (${first}) a();`) as TSESTree.IfStatement).test;
    const again = (findNode(model, `if (${second}) b();`) as TSESTree.IfStatement).test;
    for (const outcome of [true, false]) {
      const refined = refineCondition(model, context.tests, START, test, outcome)!;
      expect(refineCondition(model, context.tests, refined, again, outcome)).toBeDefined();
      expect(refineCondition(model, context.tests, refined, again, !outcome)).toBeUndefined();
    }
  });

  it('a value is no two literals', () => {
    const model = modelOfSource(`function f(x) { if (x === 'a') a(); if (x === 'b') b(); }`);
    const context = new AnalysisContext(model);
    new Run(context, model.file.units[1]!, 0);
    const [first, second] = ["if (x === 'a') a();", "if (x === 'b') b();"].map((text) => (findNode(model, text) as TSESTree.IfStatement).test);
    const refined = refineCondition(model, context.tests, START, first!, true)!;
    expect(refineCondition(model, context.tests, refined, second!, true)).toBeUndefined();
    expect(refineCondition(model, context.tests, refined, second!, false)).toBeDefined();
    expect(maskOf(model, refined, findNode(model, 'x', 'Identifier'))).toBe(ALL);
  });
});
