import { createOrderPool } from './db';

/** Reports and audits read from the replica, so that they never wait for an order. */
export const reportingPool = createOrderPool(process.env.REPLICA_URL ?? 'postgres://localhost/orders_replica');
