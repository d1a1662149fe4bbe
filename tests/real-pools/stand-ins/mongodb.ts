/** What the fixtures import as `mongodb`: sessions that write down what is done with them. There is no server to be had from a package. */
import { world } from '../world.ts';

class ClientSession {
  hasEnded = false;

  async endSession(): Promise<void> {
    // A second one does nothing.
    if (!this.hasEnded) world.takeBack(this, '');
    this.hasEnded = true;
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
        insertOne: async () => {
          send(`insertOne into ${name}`);
          return { acknowledged: true };
        },
      }),
    };
  }
}
