import type { Driver, MemberRow, ReleaseRow, TypeRow } from './driver.ts';

/** "Cannot use transaction once ended" (read: producer/index.js). */
const END: ReleaseRow = { effect: 'release', again: 'throws', mayReject: true };

const KEPT = { root: { holds: 'a connection to each broker that it talks to', close: '$.disconnect()' } } as const satisfies Partial<TypeRow>;
const MEMBERS: Readonly<Record<string, MemberRow>> = { disconnect: { effect: 'ends' } };

/** KafkaJS: the object itself holds nothing, what it makes does. `producer.connect()` is no acquisition. */
export const kafkajs: Driver = {
  library: 'kafkajs',
  modules: ['kafkajs'],
  source: 'https://kafka.js.org/docs/transactions; kafkajs 2.2.4 read (facts/drivers.md)',
  example: {
    setup: ["import { Kafka } from 'kafkajs';", "const producer = new Kafka({ brokers: ['localhost:9092'] }).producer();"],
    take: ['const transaction = await producer.transaction();'],
    use: ["await transaction.send({ topic: 'orders', messages: [] });"],
  },
  traps: [
    'A producer is made once and connected once: one for each message opens its connections each time.',
    'While a transaction is open, the producer can begin no other one.',
  ],
  exports: {
    Kafka: { is: 'class', type: 'Kafka' },
    Producer: { is: 'type', type: 'Producer' },
    Consumer: { is: 'type', type: 'Consumer' },
    Admin: { is: 'type', type: 'Admin' },
    Transaction: { is: 'type', type: 'Transaction' },
  },
  types: {
    Kafka: {
      noun: 'Kafka client',
      members: {
        producer: { effect: 'returns', type: 'Producer', anew: true },
        consumer: { effect: 'returns', type: 'Consumer', anew: true },
        admin: { effect: 'returns', type: 'Admin', anew: true },
      },
    },
    Producer: { noun: 'producer', ...KEPT, members: { ...MEMBERS, transaction: { effect: 'acquire', yields: 'Transaction', style: 'promise' } } },
    Consumer: { noun: 'consumer', root: { ...KEPT.root, listens: true }, members: MEMBERS },
    Admin: { noun: 'admin client', ...KEPT, members: MEMBERS },
    Transaction: {
      noun: 'transaction',
      ending: 'commit or rollback',
      giveBack: 'await $.abort()',
      useAfterRelease: 'throws',
      members: { commit: END, abort: END, isActive: { effect: 'tells', by: 'call', released: false } },
    },
  },
};
