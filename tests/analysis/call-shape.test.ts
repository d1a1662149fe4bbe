import { describe, expect, it } from 'vitest';
import { callShape, isContainerCall, isPromiseCombinator, mayTakeCare } from '../../src/analysis/call-shape.ts';
import type { CallLike } from '../../src/syntax/estree.ts';
import { modelOfSource } from '../model-of-source.ts';

function shapeOf(call: string): ReturnType<typeof callShape> {
  const model = modelOfSource(`async function f() { ${call}; }`);
  return callShape(model.file.calls.get(model.file.units[1]!)![0] as CallLike);
}

describe('callShape', () => {
  it.each([
    ['f(a)', 'f', false, false, false],
    ['a.b.f(a)', 'f', true, false, false],
    ["a['f']()", 'f', true, false, false],
    ['a[f]()', undefined, true, false, false],
    ['a?.f()', 'f', true, false, false],
    ['new A()', 'A', false, true, false],
    ['new a.B()', 'B', false, true, false],
    ['tag`x`', 'tag', false, false, false],
    ['await a.f()', 'f', true, false, true],
    ['await (a.f() as any)!', 'f', true, false, true],
    ['await a?.f()', 'f', true, false, true],
    ['(a.f as any)()', 'f', true, false, false],
  ])('%s', (call, name, isMethod, isNew, isAwaited) => {
    expect(shapeOf(call)).toMatchObject({ name, isMethod, isNew, isAwaited });
  });
});

describe('names that may take care of what they are given', () => {
  it.each(['release', 'releaseClient', 'client_release', 'closeAll', 'returnToPool', 'giveBack', 'putconn_done', 'cleanUpAndClose', 'onDone', 'adoptClient', 'commitAndFree', 'deferRelease', 'END'])('%s may', (name) => {
    expect(mayTakeCare(shapeOf(`${name}(a)`))).toBe(true);
  });

  it.each(['query', 'send', 'append', 'compute', 'input', 'output', 'spend', 'freeze', 'endpoint', 'loadUser', 'update', 'renderDoneness', 'backend'])('%s may not', (name) => {
    expect(mayTakeCare(shapeOf(`${name}(a)`))).toBe(false);
  });

  it('what has no static name may not', () => {
    expect(mayTakeCare(shapeOf('table[release](a)'))).toBe(false);
  });
});

describe('collections and combinators', () => {
  it.each([
    ['list.push(a)', true, false],
    ['map.set(key, a)', true, false],
    ['push(a)', false, false],
    ['Promise.all([a])', false, true],
    ['Promise.race([a])', false, true],
    ['Promise.reject(a)', false, false],
    ['bluebird.all([a])', false, false],
  ])('%s', (call, container, combinator) => {
    expect([isContainerCall(shapeOf(call)), isPromiseCombinator(shapeOf(call))]).toEqual([container, combinator]);
  });
});
