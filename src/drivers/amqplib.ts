import type { Driver, MemberRow, ReleaseRow, RootRow, TypeRow } from './driver.ts';

const CONNECTION: RootRow = { holds: 'a connection to the broker', close: '$.close()', listens: true };

/** It closes its channels (facts/drivers.md). */
const END: MemberRow = { effect: 'ends', closesTaken: true };

/** A second one fails with IllegalOperationError, "Channel closed" (read: lib/channel.js). */
const CLOSE: ReleaseRow = { effect: 'release', again: 'throws', mayReject: true };

/** One for each publisher or consumer is the recommended use, for as long as those live. An operation that fails closes it (AMQP 0-9-1; read: lib/channel.js, "Channel closed by server"). */
const CHANNEL: TypeRow = { noun: 'channel', ending: 'close', giveBack: 'await $.close()', mayStay: true, closedByFailure: true, members: { close: CLOSE } };

const TAKE = { effect: 'acquire', yields: 'Channel', style: 'promise' } as const satisfies MemberRow;
const TAKE_BY_CALLBACK = { effect: 'acquire', yields: 'Channel', style: 'callback', callback: { handle: 1 } } as const satisfies MemberRow;

const SOURCE = 'https://amqp-node.github.io/amqplib/channel_api.html; amqplib 2.3.1 read (facts/drivers.md)';
const TRAPS: readonly string[] = [
  'An operation that fails (`assertQueue`, `checkQueue`) closes its channel; what else fails in between does not.',
  'A connection is made once for a process.',
  'A channel for each message that nobody closes ends in "No channels left to allocate" (amqplib issue 508). One that is kept for a publisher or a consumer is right.',
];

/** RabbitMQ, with promises. */
export const amqplib: Driver = {
  library: 'amqplib',
  modules: ['amqplib'],
  source: SOURCE,
  example: {
    setup: ["import amqp from 'amqplib';", "const connection = await amqp.connect('amqp://localhost');"],
    take: ['const channel = await connection.createChannel();'],
    use: ["await channel.assertQueue('orders');", "channel.sendToQueue('orders', await render('closed'));"],
  },
  traps: TRAPS,
  exports: {
    connect: { is: 'factory', type: 'ChannelModel', gives: 'promise' },
    ChannelModel: { is: 'type', type: 'ChannelModel' },
    Connection: { is: 'type', type: 'ChannelModel' },
    Channel: { is: 'type', type: 'Channel' },
    ConfirmChannel: { is: 'type', type: 'Channel' },
  },
  types: {
    ChannelModel: { noun: 'connection', root: CONNECTION, members: { close: END, createChannel: TAKE, createConfirmChannel: TAKE } },
    Channel: CHANNEL,
  },
};

/** RabbitMQ, with callbacks. */
export const amqplibCallback: Driver = {
  library: 'amqplib/callback_api',
  modules: ['amqplib/callback_api'],
  source: SOURCE,
  exports: {
    connect: { is: 'factory', type: 'Connection', callback: { handle: 1 } },
    Connection: { is: 'type', type: 'Connection' },
    Channel: { is: 'type', type: 'Channel' },
    ConfirmChannel: { is: 'type', type: 'Channel' },
  },
  types: {
    Connection: { noun: 'connection', root: CONNECTION, members: { close: END, createChannel: TAKE_BY_CALLBACK, createConfirmChannel: TAKE_BY_CALLBACK } },
    Channel: CHANNEL,
  },
};
