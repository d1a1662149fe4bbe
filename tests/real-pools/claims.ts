/** What a row of the tables claims about an object that is taken and given back, compared with what the library does. */
import { expect, it, vi } from 'vitest';
import type { Driver, ReleaseRow, ScopedRow, TypeRow } from '../../src/drivers/driver.ts';
import { FAILING } from './mysql-server.ts';

/** A library that runs, with a pool of one place. */
export interface Subject {
  readonly driver: Driver;
  /** The type in the table of what is taken. */
  readonly type: string;
  /** What `@` stands for in the rows. */
  readonly source: object;
  /** How many are out. */
  out(): number | Promise<number>;
  take(): Promise<object>;
  use(taken: object): unknown;
  /** Makes a promise of a call with a callback, where the library has no promises. */
  readonly asks?: (ask: (callback: (error: unknown, answer?: unknown) => void) => unknown) => Promise<unknown>;
  /** Releases and single shots that cannot be compared, each with the reason. */
  readonly except?: Readonly<Record<string, string>>;
}

interface Release {
  readonly name: string;
  readonly row: ReleaseRow;
  run(taken: object): unknown;
}

type Method = (...given: readonly unknown[]) => unknown;

const memberOf = (object: object, name: string): unknown => (object as Readonly<Record<string, unknown>>)[name];
const call = (object: object, name: string, ...given: readonly unknown[]): unknown => Reflect.apply(memberOf(object, name) as Method, object, given);

/** The releases that the table knows, as calls. */
function releasesOf({ driver, type, source, except = {} }: Subject): Release[] {
  const { members, takenBackBy = [] } = driver.types[type]!;
  const own = Object.entries(members).flatMap(([name, row]): Release[] => {
    if (row.effect === 'release') return [{ name, row, run: (taken) => call(taken, name) }];
    return row.effect === 'prepares' ? [{ name, row: row.release, run: (taken) => call(call(taken, name) as object, row.by) }] : [];
  });
  const backs = takenBackBy.map(({ name, release }): Release => ({ name, row: release, run: (taken) => call(source, name, taken) }));
  return [...own, ...backs].filter(({ name }) => except[name] === undefined);
}

/** Whether the call, or the promise that it gives, fails. */
async function fails(run: () => unknown): Promise<boolean> {
  try {
    await run();
    return false;
  } catch {
    return true;
  }
}

/** So many are out, now or in a moment: some give back just after the promise of the release is fulfilled. */
async function expectOut(one: Subject, count: number): Promise<void> {
  await vi.waitFor(async () => expect(await one.out()).toBe(count), { timeout: 1000, interval: 20 });
}

/** Describes a test for each claim of the row. `subject` is asked when the tests run. */
export function describeClaims(driver: Driver, type: string, subject: () => Subject): void {
  const row = driver.types[type]!;
  const nothing = { driver, type, source: {}, out: () => 0, take: async () => ({}), use: () => undefined } satisfies Subject;
  const names = releasesOf(nothing).map(({ name }) => name);

  it.each(names)(`${type}: \`%s\` gives back, and a second one does what the table says`, async (name) => {
    const one = subject();
    const release = releasesOf(one).find((other) => other.name === name);
    if (release === undefined) {
      expect(one.except?.[name]).toMatch(/./);
      return;
    }
    const taken = await one.take();
    await expectOut(one, 1);
    await release.run(taken);
    await expectOut(one, 0);
    await compareSecond(one, release, taken);
    await expectOut(one, 0);
  });

  if (row.useAfterRelease !== undefined && row.useAfterRelease !== 'harmless') {
    it(`${type}: a use after the release ${row.useAfterRelease === 'throws' ? 'fails' : 'works'}`, async () => {
      const one = subject();
      const taken = await one.take();
      await releasesOf(one)[0]!.run(taken);
      expect(await fails(() => one.use(taken))).toBe(row.useAfterRelease === 'throws');
    });
  }

  it(`${type}: ${row.dispose === undefined ? 'has no dispose method that releases' : 'its dispose method releases'}`, async () => {
    const one = subject();
    const taken = await one.take();
    const kinds = { sync: Symbol.dispose ?? Symbol.for('nodejs.dispose'), async: Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose') };
    if (row.dispose === undefined) {
      for (const kind of Object.values(kinds)) {
        const method = (taken as Readonly<Record<symbol, unknown>>)[kind];
        // An inherited one that throws gives nothing back.
        if (method !== undefined) expect(await fails(() => (method as Method).call(taken))).toBe(true);
      }
      await expectOut(one, 1);
      await releasesOf(one)[0]!.run(taken);
    } else {
      await ((taken as Readonly<Record<symbol, Method>>)[kinds[row.dispose.kind]]!).call(taken);
    }
    await expectOut(one, 0);
  });

  const telling = Object.entries(row.members).filter(([, member]) => member.effect === 'tells').map(([name]) => name);
  if (telling.length > 0) {
    it(`${type}: ${telling.join(', ')} ${telling.length === 1 ? 'tells' : 'tell'} whether it was given back, and by which release`, async () => {
      const one = subject();
      // What says so of one kind of release says nothing of the other.
      const told = new Set<string>();
      for (const { run } of releasesOf(one)) {
        const taken = await one.take();
        for (const name of telling) expect(isReleasedAsTold(row, taken, name)).toBe(false);
        await run(taken);
        for (const name of telling) if (isReleasedAsTold(row, taken, name)) told.add(name);
        await expectOut(one, 0);
      }
      expect([...told].sort()).toEqual([...telling].sort());
    });
  }

  const singleShot = Object.values(driver.types).find(({ members }) => Object.values(members).some((member) => member.effect === 'acquire' && member.yields === type))?.singleShot ?? [];
  if (singleShot.length > 0) {
    it.each(singleShot)(`${type}: \`%s\` of the pool takes one and gives it back by itself, also when it fails`, async (name) => {
      const one = subject();
      if (one.except?.[name] !== undefined) return;
      let most = 0;
      const run = async (text: string): Promise<unknown> => {
        const done = one.asks === undefined ? call(one.source, name, text) : one.asks((callback) => call(one.source, name, text, callback));
        most = Math.max(most, await one.out());
        return done;
      };
      await run('select 1');
      await expectOut(one, 0);
      expect(most).toBe(1);
      expect(await fails(() => run(FAILING))).toBe(true);
      await expectOut(one, 0);
    });
  }

  const scoped = (row.scoped ?? []).filter(({ gives }) => gives !== undefined);
  if (scoped.length > 0) {
    it.each(scoped)(`${type}: $call gives back when its callback returns and when it throws`, async ({ call: spelt }) => {
      const one = subject();
      let inside = 0;
      await runScoped(one, spelt, async () => {
        inside = await one.out();
      });
      expect(inside).toBe(1);
      await expectOut(one, 0);
      const error = new Error('thrown inside');
      await expect(runScoped(one, spelt, () => Promise.reject(error))).rejects.toBe(error);
      await expectOut(one, 0);
    });
  }

  const detachable = Object.entries(row.members).filter(([, member]) => member.effect === 'release' && member.detachable === true).map(([name]) => name);
  if (detachable.length > 0) {
    it.each(detachable)(`${type}: \`%s\` works without its object`, async (name) => {
      const one = subject();
      const taken = await one.take();
      const release = memberOf(taken, name) as Method;
      await release();
      await expectOut(one, 0);
    });
  }
}

/** Whether the object itself says that it was released. */
function isReleasedAsTold({ members }: TypeRow, taken: object, name: string): boolean {
  const member = members[name]!;
  if (member.effect !== 'tells') throw new Error(`${name} tells nothing`);
  return Boolean(member.by === 'call' ? call(taken, name) : memberOf(taken, name)) === member.released;
}

/** The second release of what was given back: at once where it fails, else while somebody else has what the pool holds. */
async function compareSecond(one: Subject, { row, run }: Release, released: object): Promise<void> {
  const main = releasesOf(one)[0]!;
  let taken = released;
  if (row.destroys === true) {
    // What is closed cannot be given away: the second release is one of what was given back otherwise.
    expect(await fails(() => main.run(released))).toBe(false);
    await expectOut(one, 0);
    taken = await one.take();
    await main.run(taken);
  }
  if (row.again === 'throws') {
    expect(await fails(() => run(taken))).toBe(true);
    return;
  }
  if (row.again === 'harmless') expect(await fails(() => run(taken))).toBe(false);
  const next = await one.take();
  await expectOut(one, 1);
  await run(taken);
  if (row.again === 'harmless') await new Promise((resolve) => setTimeout(resolve, 50));
  await expectOut(one, row.again === 'gives-away' ? 0 : 1);
  if (row.again === 'harmless') await main.run(next);
}

/** Calls `@.transaction().execute` with a callback: each name but the last is a property, or a call where it has parentheses. */
async function runScoped({ source }: Subject, spelt: ScopedRow['call'], callback: () => Promise<unknown>): Promise<unknown> {
  const parts = spelt.replace(/^@\./, '').split('.');
  let object = source;
  for (const part of parts.slice(0, -1)) object = (part.endsWith('()') ? call(object, part.slice(0, -2)) : memberOf(object, part)) as object;
  return call(object, parts.at(-1)!, callback);
}

