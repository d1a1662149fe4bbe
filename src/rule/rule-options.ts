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

/** What `require-release` takes. */
export interface RequireReleaseOptions extends CommonOptions {
  /** Which forms of fixes and suggestions are offered, the one that is wanted most first. Absent: `single-shot`, `scoped-callback`, `try-finally`. */
  fixStyle?: readonly ('single-shot' | 'scoped-callback' | 'try-finally' | 'await-using')[];
}
