import type { Pool } from 'pg';

export interface OutboxMessage {
  id: string;
  topic: string;
  payload: unknown;
}

export type Publish = (message: OutboxMessage) => Promise<void>;

const TAKE_BATCH = `
  UPDATE outbox SET taken_at = now()
  WHERE id IN (SELECT id FROM outbox WHERE taken_at IS NULL ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED)
  RETURNING id, topic, payload`;

export async function relayOutbox(pool: Pool, publish: Publish): Promise<number> {
  let published = 0;
  while (true) {
    const client = await pool.connect();
    try {
      const { rows } = await client.query<OutboxMessage>(TAKE_BATCH);
      if (rows.length === 0) break;
      for (const message of rows) {
        await publish(message);
        await client.query('DELETE FROM outbox WHERE id = $1', [message.id]);
        published += 1;
      }
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
  }
  return published;
}

export async function replayTopic(pool: Pool, topic: string, publish: Publish): Promise<number> {
  const client = await pool.connect();
  let released = false;
  const giveBack = (): void => {
    if (released) return;
    released = true;
    client.release();
  };

  try {
    const { rows } = await client.query<OutboxMessage>('SELECT id, topic, payload FROM outbox WHERE topic = $1', [topic]);
    await client.query('INSERT INTO replays (topic, messages) VALUES ($1, $2)', [topic, rows.length]);
    // Publishing is slow, and the broker retries for minutes.
    giveBack();
    for (const message of rows) await publish(message);
    return rows.length;
  } finally {
    giveBack();
  }
}
