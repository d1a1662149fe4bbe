import type { Driver, OpenRow } from './driver.ts';

const OPEN: OpenRow = { effect: 'open' };

/** The driver below mssql: one connection, and no pool. */
export const tedious: Driver = {
  library: 'tedious',
  modules: ['tedious'],
  source: 'https://tediousjs.github.io/tedious/api-connection.html; tedious 19.2.2 read: a second `close()` does nothing (facts/drivers.md)',
  traps: [
    'A connection is made, opened by `connect()` and, in most programs, kept. Code that closes it where all goes well owes that where something fails, too.',
    '`connection.transaction((error, done) => …)` ends by `done`, and gives nothing back.',
  ],
  exports: { Connection: { is: 'class', type: 'Connection' }, Request: { is: 'class', type: 'Request' } },
  types: {
    Connection: {
      noun: 'connection',
      ending: 'close',
      giveBack: '$.close()',
      mayStay: true,
      members: { connect: OPEN, close: { effect: 'release', again: 'harmless' } },
    },
    Request: { noun: 'request', borrows: true, members: {} },
  },
};
