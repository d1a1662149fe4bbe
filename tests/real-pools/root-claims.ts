/** What a row of the tables claims about an object that has connections of its own for as long as it lives, compared with what the library does. */
import { expect, it, vi } from 'vitest';
import type { Driver, MemberRow } from '../../src/drivers/driver.ts';

/** A library that runs, over a server that counts. */
export interface RootSubject {
  /** Makes one that has a connection. */
  make(): Promise<object>;
  /** Uses it, so that it opens one where it did not yet. */
  use(root: object): unknown;
  /** How many connections the server has. */
  connections(): Promise<number>;
}

type Method = (...given: readonly unknown[]) => unknown;

const memberOf = (object: object, name: string): unknown => (object as Readonly<Record<string, unknown>>)[name];
const isMethodOf = (object: object, name: string): boolean => typeof memberOf(object, name) === 'function';
const call = (object: object, name: string, ...given: readonly unknown[]): unknown => Reflect.apply(memberOf(object, name) as Method, object, given);

/** Describes a test for each claim of the type. `ways` names the ends that this version of the library has: the table knows those of all versions. */
export function describeRootClaims(driver: Driver, type: string, ways: readonly string[], subject: () => RootSubject): void {
  const row = driver.types[type]!;
  const named = (is: (member: MemberRow) => boolean): string[] => Object.entries(row.members).filter(([, member]) => is(member)).map(([name]) => name);
  const expectConnections = async (count: (now: number) => boolean): Promise<void> => {
    const { connections } = subject();
    await vi.waitFor(async () => expect(await connections()).toSatisfy(count), { timeout: 5000, interval: 50 });
  };

  it(`${type}: is ended by ${ways.join(', ')}, and by nothing else that the table names`, async () => {
    const root = await subject().make();
    expect(named(({ effect }) => effect === 'ends').filter((name) => isMethodOf(root, name)).sort()).toEqual([...ways].sort());
    await call(root, ways[0]!);
  });

  it.each(ways)(`${type}: \`%s\` closes what it opened`, async (way) => {
    const { make, use } = subject();
    await expectConnections((now) => now === 0);
    const root = await make();
    await use(root);
    await expectConnections((now) => now > 0);
    await call(root, way);
    await expectConnections((now) => now === 0);
  });

  const others = named((member) => member.effect === 'returns' && member.anew === true);
  if (others.length > 0) {
    it.each(others)(`${type}: what \`%s\` makes has connections of its own`, async (name) => {
      const { make, use, connections } = subject();
      const root = await make();
      await use(root);
      const before = await connections();
      const other = (await call(root, name)) as object;
      if (memberOf(other, 'isOpen') === false) await call(other, 'connect');
      await expectConnections((now) => now > before);
      await call(root, ways[0]!);
      await expectConnections((now) => now > 0);
      await call(other, ways[0]!);
      await expectConnections((now) => now === 0);
    });
  }
}
