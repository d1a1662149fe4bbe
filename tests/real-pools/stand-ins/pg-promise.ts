/** What the fixtures import as `pg-promise`: databases whose pools write down what is done with them. */
import pgPromise from 'pg-promise';
import { Pool } from './pg.ts';

/** The function of `pg-promise`. */
export default function initialise(options: object = {}): (connection: string) => unknown {
  const pgp = pgPromise({ noWarnings: true, ...options });
  const library = pgp.pg as unknown as { Pool: unknown };
  return (connection) => {
    // It makes its pool with the class that it finds there.
    const own = library.Pool;
    library.Pool = Pool;
    try {
      return pgp(connection);
    } finally {
      library.Pool = own;
    }
  };
}
