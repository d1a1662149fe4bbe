/** `settings["connection-leaks"].drivers`: tables of the user, in the shape of the plugin's own. */
import { describe, expect, it } from 'vitest';
import { DRIVERS } from '../../src/drivers/drivers.ts';
import type { Driver } from '../../src/drivers/driver.ts';
import { checkDriver, readDrivers } from '../../src/rule/read-drivers.ts';
import { lintSource } from '../robustness/lint-source.ts';

const reading = { parser: 'typescript', sourceType: 'module' } as const;
const lintWith = (drivers: unknown, text: string) => lintSource(text, reading, { settings: { drivers } });

/** A library that lends sessions, in as few rows as will do. */
const LEDGER = {
  library: 'ledger',
  modules: ['ledger'],
  exports: { openStore: { is: 'factory', type: 'Store' }, Store: { is: 'type', type: 'Store' } },
  types: {
    Store: { noun: 'store', root: { holds: '4 sessions', close: '$.shutdown()' }, members: { lend: { effect: 'acquire', yields: 'Session', style: 'promise' }, shutdown: { effect: 'ends' } } },
    Session: {
      noun: 'session',
      ending: 'end',
      pooledBy: 'store',
      giveBack: '$.finish()',
      useAfterRelease: 'throws',
      scoped: [{ call: '@.lending', gives: '$' }],
      members: { finish: { effect: 'release', again: 'throws' } },
    },
  },
} as const;

const LEAK = `import { openStore } from 'ledger';
const store = openStore();
export async function count() {
  const session = await store.lend();
  const result = await session.run('count');
  session.finish();
  return result;
}`;

function fail(name: string, problem: string): never {
  throw new Error(`${name} ${problem}`);
}

describe('a library of the user', () => {
  it('is followed like one of the plugin', () => {
    expect(lintWith(undefined, LEAK)).toEqual({ reported: [] });
    expect(lintWith([LEDGER], LEAK)).toEqual({ reported: ['require-release'] });
    expect(lintWith([LEDGER], LEAK.replace('session.finish();', 'session.finish(); session.finish();').replace("await session.run('count')", '1'))).toEqual({ reported: ['no-double-release'] });
    const right = LEAK.replace("const result = await session.run('count');", "try { return await session.run('count'); } finally { session.finish(); }").replace('session.finish();\n  return result;', '');
    // The table has a form with a callback.
    expect(lintWith([LEDGER], right)).toEqual({ reported: ['prefer-scoped-callback'] });
  });

  it('may be a pool that is made per call', () => {
    const perCall = "import { openStore } from 'ledger';\nexport async function count() {\n  const store = openStore();\n  return store.count();\n}\n";
    expect(lintWith([LEDGER], perCall)).toEqual({ reported: ['no-pool-per-call'] });
  });

  it('takes the place of what the plugin knows of the module, and of no other', () => {
    const pg = "import { Pool } from 'pg';\nconst pool = new Pool();\nexport async function count() {\n  const client = await pool.connect();\n  return client.query('select 1');\n}\n";
    expect(lintWith([], pg)).toEqual({ reported: ['require-release'] });
    expect(lintWith([{ ...LEDGER, modules: ['pg'] }], pg)).toEqual({ reported: [] });
    const pgPool = pg.replace("'pg'", "'pg-pool'").replace('{ Pool }', 'Pool');
    expect(lintWith([{ ...LEDGER, modules: ['pg'] }], pgPool)).toEqual(lintWith([], pgPool));
  });

  it('is the same list each time, for caches are kept by it', () => {
    expect(readDrivers(undefined, 'drivers', fail)).toBe(DRIVERS);
    expect(readDrivers([], 'drivers', fail)).toBe(DRIVERS);
    expect(readDrivers([{ ...LEDGER }], 'drivers', fail)).toBe(readDrivers([LEDGER], 'drivers', fail));
  });
});

it.each(DRIVERS.map((driver): [string, Driver] => [driver.library, driver]))('the shape fits the table of %s', (_, driver) => {
  expect(() => { checkDriver(driver, 'it', fail); }).not.toThrow();
});

const { Store: STORE, Session: SESSION } = LEDGER.types;
const withTypes = (types: object): unknown[] => [{ ...LEDGER, types: { ...LEDGER.types, ...types } }];
const withSession = (row: object): unknown[] => withTypes({ Session: { ...SESSION, ...row } });
const withMember = (member: unknown): unknown[] => withSession({ members: { finish: member } });

describe('what is wrong is named by its key', () => {
  it.each<[string, unknown, string]>([
    ['no list', LEDGER, '.drivers must be an array'],
    ['a text', ['ledger'], '.drivers[0] must be an object'],
    ['no modules', [{ ...LEDGER, modules: [] }], '.drivers[0].modules must name a module'],
    ['a module that is no text', [LEDGER, { ...LEDGER, modules: [7] }], '.drivers[1].modules[0] must be a text'],
    ['an unknown key', [{ ...LEDGER, colour: 'red' }], '.drivers[0].colour is not a known key (known: library, modules, exports, types, source, itself, older, example, traps)'],
    ['no types', [{ library: 'ledger', modules: ['ledger'], exports: {} }], '.drivers[0].types is missing'],
    ['a type without a noun', withTypes({ Session: { members: {} } }), '.drivers[0].types.Session.noun is missing'],
    ['an export of an unknown kind', [{ ...LEDGER, exports: { openStore: { is: 'builder', type: 'Store' } } }], '.drivers[0].exports.openStore.is must be one of "class", "type", "factory"'],
    ['an export of no kind', [{ ...LEDGER, exports: { openStore: { type: 'Store' } } }], '.drivers[0].exports.openStore.is must be one of'],
    ['an export of a type that has no row', [{ ...LEDGER, exports: { openStore: { is: 'factory', type: 'Shop' } } }], '.drivers[0].exports.openStore.type names the type "Shop", which has no row in types (known: Store, Session)'],
    ['a maker of nothing known', [{ ...LEDGER, itself: { is: 'maker', of: { is: 'factory', type: 'Shop' } } }], '.drivers[0].itself.of.type names the type "Shop"'],
    ['an acquisition of a type that has no row', withTypes({ Store: { ...STORE, members: { lend: { effect: 'acquire', yields: 'Lease', style: 'promise' } } } }), '.drivers[0].types.Store.members.lend.yields names the type "Lease"'],
    ['an unknown style', withTypes({ Store: { ...STORE, members: { lend: { effect: 'acquire', yields: 'Session', style: 'async' } } } }), '.drivers[0].types.Store.members.lend.style must be one of "promise", "direct"'],
    ['an unknown effect', withMember({ effect: 'frees' }), '.drivers[0].types.Session.members.finish.effect must be one of "acquire", "release"'],
    ['an unknown key of a release', withMember({ effect: 'release', again: 'throws', twice: true }), '.drivers[0].types.Session.members.finish.twice is not a known key (known: again, mayReject, detachable, destroys)'],
    ['a release that does not say what a second one does', withMember({ effect: 'release' }), '.drivers[0].types.Session.members.finish.again is missing'],
    ['an unknown ending', withSession({ ending: 'finish' }), '.drivers[0].types.Session.ending must be one of "commit or rollback", "end", "close"'],
    ['no spelling of the release', withTypes({ Session: { noun: 'session', members: SESSION.members } }), '.drivers[0].types.Session.giveBack is missing'],
    ['a template for a scoped form', withSession({ scoped: ['@.lending(($) => …)'] }), '.drivers[0].types.Session.scoped[0] must be an object'],
    ['a parameter that is no index', withTypes({ Store: { ...STORE, members: { lend: { effect: 'acquire', yields: 'Session', style: 'callback', callback: { handle: 'first' } } } } }), '.drivers[0].types.Store.members.lend.callback.handle must be the index of a parameter'],
    ['a false that can only be absent', withSession({ borrows: false }), '.drivers[0].types.Session.borrows must be true'],
    ['a key of every object', withSession({ constructor: {} }), '.drivers[0].types.Session.constructor is not a known key'],
  ])('%s', (_, drivers, message) => {
    expect(() => lintWith(drivers, 'export const a = 1;')).toThrow(`settings["connection-leaks"]${message}`);
  });
});
