/** What the fixtures import as `mongodb`: sessions that write down what is done with them. There is no server to be had from a package. */
import { world } from '../world.ts';

class ClientSession {
  hasEnded = false;
  private hasTransaction = false;

  async endSession(): Promise<void> {
    // A second one does nothing.
    if (!this.hasEnded) world.takeBack(this, this.hasTransaction ? ' in a transaction' : '');
    this.hasEnded = true;
  }

  startTransaction(): void {
    this.hasTransaction = true;
  }

  async commitTransaction(): Promise<void> {
    send('commitTransaction');
    this.hasTransaction = false;
  }

  async abortTransaction(): Promise<void> {
    send('abortTransaction');
    this.hasTransaction = false;
  }

  async withTransaction<T>(work: (session: this) => Promise<T>): Promise<T> {
    try {
      const result = await work(this);
      send('commitTransaction');
      return result;
    } catch (error) {
      send('abortTransaction');
      throw error;
    }
  }
}

class ChangeStream {
  constructor() {
    world.lend(this, () => undefined);
  }

  async next(): Promise<object> {
    send('next change');
    return {};
  }

  async close(): Promise<void> {
    if (world.lent.has(this)) world.takeBack(this, '');
  }
}

function send(name: string): void {
  if (world.note(name)) throw new Error(`${name} fails`);
}

/** The class of `mongodb`, as far as the fixtures need it. */
export class MongoClient {
  startSession(): ClientSession {
    const session = new ClientSession();
    world.lend(session, () => undefined);
    return session;
  }

  async withSession<T>(work: (session: ClientSession) => Promise<T>): Promise<T> {
    const session = this.startSession();
    try {
      return await work(session);
    } finally {
      await session.endSession();
    }
  }

  db(): object {
    return {
      collection: (name: string) => ({
        watch: () => new ChangeStream(),
        insertOne: async () => {
          send(`insertOne into ${name}`);
          return { acknowledged: true };
        },
      }),
    };
  }
}
