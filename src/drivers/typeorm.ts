import type { Driver, ReleaseRow, TypeRow } from './driver.ts';

/** Does nothing the second time on PostgreSQL (run); the runner of MySQL calls its connection's `release()` once more (read). */
const RELEASE: ReleaseRow = { effect: 'release', again: 'harmless', mayReject: true };

/**
 * A runner takes its connection when it is first used, not when it is made (run): a `connect()` that fails leaves nothing behind, a first query
 * or `startTransaction()` that fails leaves the connection taken. `release()` does not roll back (run: the next borrower was in the transaction).
 */
const QUERY_RUNNER: TypeRow = {
  noun: 'query runner',
  pooledBy: 'DataSource',
  scoped: [{ call: '@.transaction', gives: 'manager', shares: ['query'], commits: true, options: 'first' }],
  giveBack: 'await $.release()',
  sends: ['query', 'startTransaction', 'commitTransaction', 'rollbackTransaction'],
  useAfterRelease: 'throws',
  members: {
    connect: { effect: 'open', reports: 'construction' },
    startTransaction: { effect: 'open', reports: 'construction', implied: true },
    query: { effect: 'open', reports: 'construction', implied: true },
    release: RELEASE,
    manager: { effect: 'self' },
    isReleased: { effect: 'tells', by: 'property', released: true },
  },
  // It commits a transaction that is open, also when the block threw (run on 1.1.1); 0.3 has none.
  dispose: { kind: 'async', effect: 'release', since: '1.0.0' },
};

const ENTITY_MANAGER: TypeRow = {
  noun: 'entity manager',
  members: {
    connection: { effect: 'has', type: 'DataSource' },
    dataSource: { effect: 'has', type: 'DataSource' },
    getRepository: { effect: 'returns', type: 'Repository', keeps: true },
  },
};

/**
 * TypeORM. `createConnection()` (before 1.0) is no construction: what it gives is kept under its name, where `getConnection()` finds it, and a second one of that
 * name is refused.
 */
export const typeorm: Driver = {
  library: 'typeorm',
  modules: ['typeorm'],
  source: 'https://typeorm.io/docs/query-runner; typeorm 1.1.1 and 0.3.31 run against PostgreSQL 15 (facts/drivers.md)',
  example: {
    setup: ["import { DataSource } from 'typeorm';", "const dataSource = new DataSource({ type: 'postgres' });"],
    take: ['const queryRunner = dataSource.createQueryRunner();'],
    use: ["await queryRunner.query('UPDATE orders SET open = false');"],
  },
  traps: [
    '`createQueryRunner()` takes nothing: the runner takes its connection at `connect()`, `startTransaction()` or its first query.',
    '`startTransaction()` may fail: it belongs into the `try` block.',
    '`release()` does not roll back: the next borrower is in the transaction.',
    '`await using` commits an open transaction, also when the block threw (1.0); 0.3 has no dispose method.',
    '`createConnection()` and `getConnection()` (0.x) give a DataSource: nothing to release.',
  ],
  exports: {
    DataSource: { is: 'class', type: 'DataSource' },
    createConnection: { is: 'factory', type: 'KnownDataSource', gives: 'promise' },
    getConnection: { is: 'factory', type: 'KnownDataSource' },
    getManager: { is: 'factory', type: 'EntityManager' },
    getRepository: { is: 'factory', type: 'Repository' },
    Connection: { is: 'class', type: 'DataSource' },
    EntityManager: { is: 'type', type: 'EntityManager' },
    Repository: { is: 'type', type: 'Repository' },
    QueryRunner: { is: 'type', type: 'QueryRunner' },
  },
  types: {
    DataSource: {
      noun: 'DataSource',
      root: {
        holds: 'the connections of its driver, as a rule up to 10',
        close: '$.destroy()',
        stays: 'as long as its driver keeps it',
        exceptIf: { type: ['sqlite', 'better-sqlite3', 'sqljs', 'expo', 'cordova', 'capacitor', 'react-native', 'nativescript'] },
      },
      members: {
        // The driver of PostgreSQL releases all runners first, the one of MySQL closes their connections with the pool (read).
        destroy: { effect: 'ends', closesTaken: true },
        close: { effect: 'ends', closesTaken: true },
        initialize: { effect: 'self' },
        connect: { effect: 'self' },
        createQueryRunner: { effect: 'returns', type: 'QueryRunner' },
        manager: { effect: 'has', type: 'EntityManager' },
        getRepository: { effect: 'returns', type: 'Repository', keeps: true },
        getTreeRepository: { effect: 'returns', type: 'Repository', keeps: true },
        getMongoRepository: { effect: 'returns', type: 'Repository', keeps: true },
        getCustomRepository: { effect: 'self' },
      },
    },
    // The one that was made before: it is asked for, not made.
    KnownDataSource: {
      noun: 'DataSource',
      members: {
        createQueryRunner: { effect: 'returns', type: 'QueryRunner' },
        manager: { effect: 'has', type: 'EntityManager' },
        getRepository: { effect: 'returns', type: 'Repository' },
      },
    },
    EntityManager: ENTITY_MANAGER,
    Repository: { noun: 'repository', members: { manager: { effect: 'has', type: 'EntityManager' } } },
    QueryRunner: QUERY_RUNNER,
  },
};
