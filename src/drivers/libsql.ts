import type { Driver, ReleaseRow } from './driver.ts';

const END: ReleaseRow = { effect: 'release', again: 'harmless', mayReject: true };

/** libSQL's client. It is kept; an interactive transaction holds a connection until it is ended, and blocks writers. */
export const libsql: Driver = {
  library: '@libsql/client',
  modules: ['@libsql/client', '@libsql/client/web', '@libsql/client/http', '@libsql/client/ws', '@libsql/client/node'],
  source: 'https://docs.turso.tech/sdk/ts/reference#interactive-transactions; read (facts/drivers.md)',
  example: {
    setup: ["import { createClient } from '@libsql/client';", "const client = createClient({ url: 'file:shop.db' });"],
    take: ["const transaction = await client.transaction('write');"],
    use: ["await transaction.execute('UPDATE orders SET open = 0');", 'await transaction.commit();'],
  },
  traps: [
    '`close()` rolls back what was not committed, and does nothing after a commit: it belongs into `finally`.',
    'A transaction that is not closed keeps the write lock.',
  ],
  exports: { createClient: { is: 'factory', type: 'Client' }, Client: { is: 'type', type: 'Client' }, Transaction: { is: 'type', type: 'Transaction' } },
  types: {
    Client: {
      noun: 'client',
      members: { close: { effect: 'ends' }, transaction: { effect: 'acquire', yields: 'Transaction', style: 'promise' } },
    },
    Transaction: {
      noun: 'transaction',
      ending: 'close',
      giveBack: '$.close()',
      members: { commit: END, rollback: END, close: { effect: 'release', again: 'harmless' }, closed: { effect: 'tells', by: 'property', released: true } },
    },
  },
};
