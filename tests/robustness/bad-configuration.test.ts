import { describe, expect, it } from 'vitest';
import plugin from '../../rules/index.ts';
import { lintSource } from './lint-source.ts';

const reading = { parser: 'typescript', sourceType: 'module' } as const;
const code = `import { store } from './store';
export function run() {
  const session = store.take();
  session.read();
  store.putBack(session);
}`;
const good = { acquire: 'take', release: 'putBack', releaseOn: 'pool' };

const lintWith = (settings: unknown, text = code) => lintSource(text, reading, { settings });

describe('settings', () => {
  it('may be left out or empty', () => {
    expect(lintSource(code, reading)).toEqual({ reported: [] });
    expect(lintWith({})).toEqual({ reported: [] });
    expect(lintWith({ pairs: [] })).toEqual({ reported: [] });
  });

  it('name pairs', () => {
    expect(lintWith({ pairs: [good] })).toEqual({ reported: ['require-release'] });
    expect(lintWith({ pairs: [{ ...good, from: './store' }] })).toEqual({ reported: ['require-release'] });
    expect(lintWith({ pairs: [{ ...good, from: './other' }] })).toEqual({ reported: [] });
  });

  it.each([
    ['no object', 'pairs', /connection-leaks/],
    ['null', null, /connection-leaks/],
    ['a list', [good], /connection-leaks/],
    ['an unknown key', { pair: [good] }, /connection-leaks.*\bpair\b/s],
    ['pairs that are no list', { pairs: good }, /connection-leaks.*\bpairs\b/s],
    ['a pair that is no object', { pairs: ['take'] }, /pairs\[0\]/],
    ['a pair that is null', { pairs: [good, null] }, /pairs\[1\]/],
    ['a pair that is a list', { pairs: [['take', 'putBack']] }, /pairs\[0\]/],
    ['an empty pair', { pairs: [good, {}] }, /pairs\[1\]/],
    ['a pair without acquire', { pairs: [{ release: 'putBack', releaseOn: 'pool' }] }, /pairs\[0\].*\bacquire\b/s],
    ['a pair without release', { pairs: [good, { acquire: 'take', releaseOn: 'pool' }] }, /pairs\[1\].*\brelease\b/s],
    ['a pair without releaseOn', { pairs: [{ acquire: 'take', release: 'putBack' }] }, /pairs\[0\].*\breleaseOn\b/s],
    ['an acquire that is no text', { pairs: [good, good, { ...good, acquire: 1 }] }, /pairs\[2\].*\bacquire\b/s],
    ['an empty acquire', { pairs: [{ ...good, acquire: '' }] }, /pairs\[0\].*\bacquire\b/s],
    ['a release that is no text', { pairs: [{ ...good, release: /putBack/ }] }, /pairs\[0\].*\brelease\b/s],
    ['an unknown releaseOn', { pairs: [{ ...good, releaseOn: 'client' }] }, /pairs\[0\].*\breleaseOn\b/s],
    ['a from that is no text', { pairs: [{ ...good, from: ['./store'] }] }, /pairs\[0\].*\bfrom\b/s],
    ['a project that is true', { project: true }, /\.project must be false or an object/],
    ['a project that is a path', { project: './api' }, /\.project must be false or an object/],
    ['an unknown key in the project', { project: { roots: '.' } }, /\.project\.roots/],
    ['a root that is no text', { project: { root: ['.'] } }, /\.project\.root/],
    ['an empty root', { project: { root: '' } }, /\.project\.root/],
    ['an unknown key in a pair', { pairs: [{ ...good, realease: 'x' }] }, /pairs\[0\].*\brealease\b/s],
  ])('with %s are an error that names the entry', (_, settings, message) => {
    expect(() => lintWith(settings)).toThrow(message);
  });

  it('are checked in files that touch no database, too', () => {
    expect(() => lintWith({ pairs: [{}] }, 'export const a = 1;')).toThrow(/pairs\[0\]/);
    expect(() => lintWith({ pairs: [{}] }, '')).toThrow(/pairs\[0\]/);
  });
});

describe.each(Object.keys(plugin.rules ?? {}))('options of %s', (name) => {
  const lintWithOptions = (...options: unknown[]) => lintSource(code, reading, { options, only: name });

  it('may be left out', () => {
    expect(lintWithOptions()).toEqual({ reported: [] });
  });

  it.each([
    ['an unknown option', { noSuchOption: true }, /noSuchOption/],
    ['text', 'strict', /strict/],
  ])('with %s are an error that names the rule and the option', (_, option, message) => {
    expect(() => lintWithOptions(option)).toThrow(message);
    expect(() => lintWithOptions(option)).toThrow(`connection-leaks/${name}`);
  });
});

it('the rules under test are those of this plugin', () => {
  expect(Object.keys(plugin.rules ?? {}).sort()).toEqual(['no-double-release', 'no-multiple-prisma-clients', 'no-pool-per-call', 'no-stored-connection', 'no-use-after-release', 'prefer-scoped-callback', 'require-release']);
});
