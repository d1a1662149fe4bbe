/** Where the resource lies within a value, and what binding a value to a place does. */
import { describe, expect, it } from 'vitest';
import { AnalysisContext } from '../../src/analysis/analysis-context.ts';
import { bindPlace, forgetPlace } from '../../src/analysis/bind-value.ts';
import { heldBy } from '../../src/analysis/held.ts';
import type { ProgramModel } from '../../src/analysis/program-model.ts';
import { START, type Disjunct } from '../../src/domain/disjunct.ts';
import { factOf, withFact } from '../../src/domain/facts.ts';
import { printRoot } from '../../src/domain/place.ts';
import { ALL, NULL, TRUE } from '../../src/domain/value-mask.ts';
import { pg } from '../../src/drivers/pg.ts';
import type { Node, TSESTree } from '../../src/syntax/estree.ts';
import { findNode, modelOfSource } from '../model-of-source.ts';

/** `client` and `box.inner` hold a pg client; `value` is the initialiser of `const it`. */
function scene(value: string): { model: ProgramModel; state: Disjunct; node: Node } {
  const model = modelOfSource(`function f(client, box) { const it = ${value}; function byName() { client.x(); } }`);
  const acquisition = { path: '', evidence: 'value', style: 'promise', type: pg.types['PoolClient']!, pair: undefined } as const;
  const client = model.placeOf(findNode(model, 'client', 'Identifier'));
  const box = model.placeOf(findNode(model, 'box', 'Identifier'));
  const aliases = [model.places.alias(client.root, '', 'handle'), model.places.alias(box.root, '.inner', 'handle')];
  const declarator = findNode(model, `it = ${value}`) as TSESTree.VariableDeclarator;
  return { model, state: { ...START, state: 'held', site: { origin: undefined, node: declarator, acquisition }, aliases }, node: declarator.init! };
}

function print(value: string, path = ''): string {
  const { model, state, node } = scene(value);
  return heldBy(model, state, node, path).map((held) => `${held.path || 'itself'} ${held.role}`).join(', ');
}

describe('heldBy', () => {
  it.each([
    ['client', 'itself handle'],
    ['client as any', 'itself handle'],
    ['client.name', ''],
    ['client.release', 'itself releaser'],
    ["client['release']", 'itself releaser'],
    ['client.end', ''],
    ['box', '.inner handle'],
    ['box.inner', 'itself handle'],
    ['box.inner.release', 'itself releaser'],
    ['box.other', ''],
    ['{ client }', '.client handle'],
    ['{ a: { b: client } }', '.a.b handle'],
    ['{ [key]: client }', '.? handle'],
    ['{ ...box }', '.inner handle'],
    ['{ release: client.release }', '.release releaser'],
    ['[1, client]', '.1 handle'],
    ['[...[client]]', '.?.0 handle'],
    ['() => client', 'itself closure'],
    ['{ close() { client.release(); } }', '.close closure'],
    ['() => other', ''],
    ['byName', 'itself closure'],
    ["'client'", ''],
    ['`${client}`', ''],
  ])('%s: %s', (value, expected) => {
    expect(print(value)).toBe(expected);
  });

  it.each([
    ['{ client }', '.client', 'itself handle'],
    ['{ client }', '.other', ''],
    ['[0, { client }]', '.1', '.client handle'],
    ['{ clients: [client] }', '.client', ''],
    ['box', '.inner', 'itself handle'],
  ])('%s at %s: %s', (value, path, expected) => {
    expect(print(value, path)).toBe(expected);
  });
});

describe('bindPlace and forgetPlace', () => {
  const printAliases = (state: Disjunct): string[] => state.aliases.map((alias) => `${printRoot(alias.root)}${alias.path} ${alias.role}`);

  it('moves what the value holds to the place, and forgets what was there', () => {
    const { model, state, node } = scene('{ client }');
    const { tests } = new AnalysisContext(model);
    const box = model.placeOf(findNode(model, 'box', 'Identifier'));
    const bound = bindPlace(model, tests, state, box, { held: heldBy(model, state, node), mask: ALL, source: node });
    expect(printAliases(bound)).toEqual(['client handle', 'box.client handle']);
  });

  it('is the same as before when the same is put there again', () => {
    const { model, state, node } = scene('client');
    const { tests } = new AnalysisContext(model);
    const box = { root: model.placeOf(findNode(model, 'box', 'Identifier')).root, path: '.inner' };
    expect(printAliases(bindPlace(model, tests, state, box, { held: heldBy(model, state, node), mask: ALL, source: node }))).toEqual(printAliases(state));
  });

  it('voids facts about the place, about what lies below it, and about conditions that read it', () => {
    const { model, state } = scene('client');
    const box = model.placeOf(findNode(model, 'box', 'Identifier'));
    const client = model.placeOf(findNode(model, 'client', 'Identifier'));
    const keys = [
      model.places.placeKey(box.root, ''), model.places.placeKey(box.root, '.flag'), model.places.placeKey(client.root, ''),
      model.places.conditionKey('box.n > 1', [box.root]),
    ].map((key) => key.id);
    const facts = keys.reduce((known, key) => withFact(known, key, TRUE), state.facts);
    const left = (place: { root: object; path: string }): number[] => keys.map((key) => factOf(forgetPlace(model, { ...state, facts }, place).facts, key));
    expect(left(box)).toEqual([ALL, ALL, TRUE, ALL]);
    expect(left({ root: box.root, path: '.flag' })).toEqual([TRUE, ALL, TRUE, ALL]);
    expect(left(client)).toEqual([TRUE, TRUE, ALL, TRUE]);
  });

  it('gives the same disjunct when there is nothing to forget', () => {
    const { model, state } = scene('client');
    expect(forgetPlace(model, state, { root: {}, path: '' })).toBe(state);
    const { tests } = new AnalysisContext(model);
    expect(bindPlace(model, tests, state, { root: {}, path: '' }, { held: [], mask: ALL, source: undefined })).toBe(state);
  });

  it('notes facts only of places that some test reads', () => {
    const model = modelOfSource('function f(a, b) { if (a) return; }');
    const { tests } = new AnalysisContext(model);
    tests.register(model.file.units[1]!);
    const factAfter = (name: string): number => {
      const place = model.placeOf(findNode(model, name, 'Identifier'));
      return factOf(bindPlace(model, tests, START, place, { held: [], mask: NULL, source: undefined }).facts, model.places.placeKey(place.root, '').id);
    };
    expect([factAfter('a'), factAfter('b')]).toEqual([NULL, ALL]);
  });
});
