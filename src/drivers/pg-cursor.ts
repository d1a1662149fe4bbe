import type { Driver } from './driver.ts';

/** What a client is given to read rows bit by bit. Its construction keeps what it is given and cannot fail; the client is held until it is read, or closed. */
const QUERY = { noun: 'query', members: {} } as const;

/** pg-cursor: the module is the class. */
export const pgCursor: Driver = {
  library: 'pg-cursor',
  modules: ['pg-cursor'],
  source: 'https://node-postgres.com/apis/cursor; pg-cursor 2.22.0 read',
  traps: [
    'The client stays busy until the cursor is read to its end or closed; `cursor.close()` may fail, and the client has to be released all the same.',
  ],
  itself: { is: 'class', type: 'Cursor' },
  exports: {},
  types: { Cursor: QUERY },
};

/** pg-query-stream: the same as a stream. */
export const pgQueryStream: Driver = {
  library: 'pg-query-stream',
  modules: ['pg-query-stream'],
  source: 'https://github.com/brianc/node-postgres/tree/master/packages/pg-query-stream; pg-query-stream 4.17.0 read (facts/drivers.md, pg)',
  traps: [
    'The stream holds the client until it ends, fails or is destroyed: release on `close`, which comes in each case, or after `pipeline(…)` in a `finally` block.',
  ],
  itself: { is: 'class', type: 'QueryStream' },
  exports: { QueryStream: { is: 'class', type: 'QueryStream' } },
  types: { QueryStream: QUERY },
};
