/** The options of the rules, as users write them. Types alone: the declarations of the package are made from them. */

/** What every rule takes. */
export interface CommonOptions {
  /** `services`: the default. `all`: tests, mocks, scripts, migrations and seeds as well. */
  readonly code?: 'services' | 'all';
}

/** What `no-stored-connection` takes. */
export interface StoredConnectionOptions extends CommonOptions {
  /** What may be kept for `LISTEN` or an advisory lock. `client`: the default, a connection of its own. `pooled`: one of a pool as well. */
  readonly dedicated?: 'client' | 'pooled';
}
