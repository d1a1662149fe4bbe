/** What users may write as the option of a rule. */

/** What every rule takes. */
export interface CommonOptions {
  /** `services`: the default. `all`: tests, mocks, scripts, migrations and seeds as well. */
  code?: 'services' | 'all';
}

/** What `no-stored-connection` takes. */
export interface StoredConnectionOptions extends CommonOptions {
  /** What may be kept for `LISTEN` or an advisory lock. `client`: the default, a connection of its own. `pooled`: one of a pool as well. */
  dedicated?: 'client' | 'pooled';
}
