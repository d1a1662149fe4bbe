import type { Driver, ReleaseRow } from './driver.ts';

/** What is read a second time is not there: "Stream has been already consumed" (read: result_set.js). */
const READ: ReleaseRow = { effect: 'release', again: 'throws', mayReject: true };

/** ClickHouse over HTTP: a result that nobody reads keeps its socket. What `stream()` gives is another's. */
export const clickhouse: Driver = {
  library: '@clickhouse/client',
  modules: ['@clickhouse/client', '@clickhouse/client-web'],
  source: 'https://clickhouse.com/docs/integrations/javascript#query-method; @clickhouse/client 1.23.1 read (facts/drivers.md)',
  example: {
    setup: ["import { createClient } from '@clickhouse/client';", 'const client = createClient();'],
    take: ["const result = await client.query({ query: 'SELECT id FROM orders' });"],
    use: ["await notify('counting');", 'await result.json();'],
  },
  traps: [
    'A result set is given back by reading it: `json()`, `text()`, `stream()`. One that nobody reads keeps its socket, of which there are 10.',
    'For a statement without a result there is `client.command(…)`, which holds nothing.',
  ],
  exports: {
    createClient: { is: 'factory', type: 'ClickHouseClient' },
    ClickHouseClient: { is: 'type', type: 'ClickHouseClient' },
    ResultSet: { is: 'type', type: 'ResultSet' },
  },
  types: {
    ClickHouseClient: {
      noun: 'client',
      root: { holds: 'up to 10 sockets', close: '$.close()' },
      members: { close: { effect: 'ends' }, query: { effect: 'acquire', yields: 'ResultSet', style: 'promise' } },
      dispose: { kind: 'async', effect: 'release', since: '1.16.0' },
    },
    ResultSet: {
      noun: 'result set',
      ending: 'close',
      pooledBy: 'client',
      giveBack: '$.close()',
      members: { json: READ, text: READ, stream: READ, close: { effect: 'release', again: 'harmless' } },
      dispose: { kind: 'sync', effect: 'release', since: '1.23.0' },
    },
  },
};
