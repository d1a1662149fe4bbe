import type { Driver, ReleaseRow } from './driver.ts';

const END: ReleaseRow = { effect: 'release', again: 'harmless', mayReject: true };

/** libSQL's client. It is kept; an interactive transaction holds a connection until it is ended, and blocks writers. */
export const libsql: Driver = {
  library: '@libsql/client',
  modules: ['@libsql/client', '@libsql/client/web', '@libsql/client/http', '@libsql/client/ws', '@libsql/client/node'],
  source: 'https://docs.turso.tech/sdk/ts/reference#interactive-transactions; read (facts/drivers.md)',
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
