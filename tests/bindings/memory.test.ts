/** Questions that come back to themselves, over one memory and over several. */
import { describe, expect, it } from 'vitest';
import { Circle, Memory } from '../../src/bindings/memory.ts';

/** A memory over a graph of names: the answer to a name is that of the first of its successors that has one; capitals answer themselves. */
function memoryOf(graph: Readonly<Record<string, string>>, split = false): { ask(name: string): string | undefined; readonly asked: string[] } {
  const circle = new Circle();
  const asked: string[] = [];
  const find = (name: string): string | undefined => {
    asked.push(name);
    if (name === name.toUpperCase()) return name;
    for (const next of graph[name] ?? '') {
      const answer = ask(next);
      if (answer !== undefined) return answer;
    }
    return undefined;
  };
  const memories = [new Memory(circle, find), new Memory(circle, find)];
  const ask = (name: string): string | undefined => memories[split ? name.charCodeAt(0) % 2 : 0]!.answer(name);
  return { ask, asked };
}

describe.each([['one memory', false], ['two memories', true]])('%s', (_, split) => {
  it('finds an answer once', () => {
    const { ask, asked } = memoryOf({ a: 'bb', b: 'X' }, split);
    expect([ask('a'), ask('a'), ask('b')]).toEqual(['X', 'X', 'X']);
    expect(asked).toEqual(['a', 'b', 'X']);
  });

  it('remembers that there is no answer', () => {
    const { ask, asked } = memoryOf({ a: 'b' }, split);
    expect([ask('a'), ask('a')]).toEqual([undefined, undefined]);
    expect(asked).toEqual(['a', 'b']);
  });

  it.each(['ab', 'ba', 'cab', 'cba', 'bca', 'acb'])('gives the same answers in the order %s', (order) => {
    const { ask } = memoryOf({ a: 'bX', b: 'a', c: 'ba' }, split);
    for (const name of order) expect(ask(name)).toBe('X');
  });

  it.each(['abcd', 'dcba', 'bdac'])('does so for circles inside circles, in the order %s', (order) => {
    const { ask } = memoryOf({ a: 'b', b: 'cd', c: 'ba', d: 'aX' }, split);
    for (const name of order) expect(ask(name)).toBe('X');
  });

  it('asks each question of a circle once while it is open', () => {
    const names = 'abcdefghijklmnop';
    const { ask, asked } = memoryOf(Object.fromEntries([...names].map((name) => [name, names])), split);
    expect(ask('a')).toBeUndefined();
    expect(asked).toHaveLength(names.length);
  });
});

it('forgets nothing when a question fails', () => {
  let isBroken = true;
  const memory: Memory<string, string> = new Memory(new Circle(), (name) => {
    if (isBroken) throw new Error('broken');
    return memory.answer(name) ?? 'X';
  });
  expect(() => memory.answer('a')).toThrow('broken');
  isBroken = false;
  expect(memory.answer('a')).toBe('X');
});
