import { expect, it } from 'vitest';
import { readSettings } from '../../src/rule/settings.ts';

it.each([
  [{ scoped: {} }, '.scoped must be an array'],
  [{ scoped: ['withClient'] }, '.scoped[0] must be an object'],
  [{ scoped: [{ name: 'withClient', from: 'src/lend.ts', pool: 'pool' }] }, '.scoped[0].pool is not a known key (known: name, from)'],
  [{ scoped: [{ from: 'src/lend.ts' }] }, '.scoped[0].name must be the name of a function'],
  [{ scoped: [{ name: 'withClient', from: 'src/lend.ts' }, { name: 'withClient' }] }, '.scoped[1].from must be the path of a file, or a module specifier'],
])('names the entry that is wrong: %j', (settings, problem) => {
  expect(() => readSettings({ 'connection-leaks': settings })).toThrow(`settings["connection-leaks"]${problem}`);
});

it('keeps what is named', () => {
  const scoped = [{ name: 'withClient', from: 'src/lend.ts' }];
  expect(readSettings({ 'connection-leaks': { scoped } }).scoped).toEqual(scoped);
});
