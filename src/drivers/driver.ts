/**
 * The shape of what we know about a library. Tables are data: no functions, no syntax, and they survive a trip through JSON,
 * so that a user can write one in settings. Every row is read by `src/bindings` (what is this object?) and by
 * `src/analysis` (what does this call do to a connection?).
 */

export interface Driver {
  /** Name of the library, for messages and documentation. */
  readonly library: string;
  /** Module specifiers that offer these exports. */
  readonly modules: readonly string[];
  /** Where the facts come from: documentation, or how they were verified. */
  readonly source: string;
  /** One use of it, for docs/drivers.md and for the test that runs it. */
  readonly example?: ExampleRow;
  /** What else one has to know who reads or writes such code, a sentence each, for docs/drivers.md. */
  readonly traps?: readonly string[];
  /** What the modules export. `default` and namespace imports stand for the module itself where the module is CommonJS. */
  readonly exports: Readonly<Record<string, ExportRow>>;
  /** What the module is besides: `postgres(url)`, `new Redis()`. Its default import and what `require()` gives stand for it. */
  readonly itself?: ExportRow;
  /** The kinds of object the library deals in, by the name of the exported type where there is one. */
  readonly types: Readonly<Record<string, TypeRow>>;
  /** What is otherwise in older versions. The table itself is about the newest one, which counts where nobody says which one the project has. */
  readonly older?: readonly OlderRow[];
}

/** Kinds of object that were otherwise before a version: whole rows, in the place of those of the table. */
export interface OlderRow {
  /** The first version in which they are no more. Of several that hold, the last one counts. */
  readonly until: string;
  readonly types: Readonly<Record<string, TypeRow>>;
}

/** How an object is taken and used, line by line. What gives it back is added by its row. */
export interface ExampleRow {
  /** Imports, and what is made once. */
  readonly setup: readonly string[];
  /** What takes the object; the first variable that it declares holds it. */
  readonly take: readonly string[];
  readonly use: readonly string[];
}

export type ExportRow =
  /** A class: `new Pool()` is a `Pool`, and `x: Pool` says so too. */
  | { readonly is: 'class'; readonly type: string }
  /** A type that is only named in annotations. */
  | { readonly is: 'type'; readonly type: string }
  /** A function whose result is such an object; `gives` where it gives a promise of one. */
  | FactoryRow
  /** A function that takes a connection itself: `mysql.createConnection()`. */
  | ({ readonly is: 'acquire' } & AcquireRow)
  /** A function that gives another function or class: `pgPromise(options)(url)`, `new (connectPgSimple(session))()`. */
  | { readonly is: 'maker'; readonly of: ExportRow }
  /** An object that the module made itself: `mongoose.connection`. */
  | { readonly is: 'object'; readonly type: string }
  /** The same exports once more: `pg.native`, a default export. */
  | { readonly is: 'namespace' };

export interface FactoryRow {
  readonly is: 'factory';
  readonly type: string;
  readonly gives?: 'promise';
  /** What a callback that is given as the last argument gets, where the call takes one. */
  readonly callback?: CallbackRow;
}

export interface AcquireRow {
  /** The type of what is handed out. */
  readonly yields: string;
  /**
   * `promise`: the awaited result. `direct`: the result. `either`: awaited or not, as the code does. `receiver`: the object the method is
   * called on. `callback`: nothing but the callback gets it.
   */
  readonly style: 'promise' | 'direct' | 'either' | 'receiver' | 'callback';
  /** The property of what the call gives that this is said of: `pool.acquire().promise`. Absent: the result itself. */
  readonly property?: string;
  /**
   * A function among the arguments makes it another call, which gives back by itself: `sequelize.transaction(async (t) => …)`. `returning callback`: only one that
   * returns something does, for what it returns is waited for; any other one is a callback that gets the resource (`callback`), and has to give it back.
   */
  readonly unless?: 'callback' | 'returning callback';
  /** What a callback that is given as the last argument gets, where the call takes one. */
  readonly callback?: CallbackRow;
}

/** A callback in the style of Node: `(error, connection, done) => …`, run once, with an error or without. */
export interface CallbackRow {
  /** Index of the argument that is the callback; absent: the last. */
  readonly argument?: number;
  /** Index of the parameter that is the connection. */
  readonly handle: number;
  /** Index of the parameter that is its release. */
  readonly release?: number;
}

export interface TypeRow {
  /** What a message calls it: "client", "connection". */
  readonly noun: string;
  /** How the duty is called, where it is not a release. */
  readonly ending?: 'commit or rollback' | 'end' | 'close';
  /** The forms that give back by themselves, the one that fits most first. */
  readonly scoped?: readonly ScopedRow[];
  /** For a long-lived object that holds connections of its own (a pool, a DataSource): what its construction costs, and how it is closed. */
  readonly root?: RootRow;
  /** An object that keeps what its construction is given and stands for it from there on: `new Kysely({ dialect })`, `drizzle(pool)`; and how it is closed, where that closes the other. */
  readonly wraps?: { readonly close?: string };
  /** An object that uses what its construction is given, and does not keep it: `new Request(transaction)`. */
  readonly borrows?: true;
  /** Its construction takes it: what `new DatabaseSync(path)` gives is held from there on, and nothing has to open it. */
  readonly isOpenWhenMade?: true;
  /**
   * It may be kept open for as long as the process lives, as a channel of a broker is: code that never gives it back owes nothing. What gives it back where
   * nothing goes wrong owes it where something does.
   */
  readonly mayStay?: true;
  /** Where the promise that one of its methods gives is rejected, it is closed: what fails on a channel of AMQP closes the channel. */
  readonly closedByFailure?: true;
  /** A `for await` loop over it closes it, however the loop is left. */
  readonly endsWithLoop?: true;
  /** Functions and classes that are members of the class itself: `MongoClient.connect(url)`. */
  readonly statics?: Readonly<Record<string, ExportRow>>;
  /** The rows know it as a root only: what its methods hand out is not in the table, and counts as not known. */
  readonly isPartial?: true;
  /** Methods by name. A method that has no row uses the object, may fail, and changes nothing. */
  readonly members: Readonly<Record<string, MemberRow>>;
  /** Methods that do the same as those of the object taken from this one, on a connection that they take and give back by themselves: `pool.query(…)`. */
  readonly singleShot?: readonly string[];
  /** Methods that send something to the database: what an object is known by where nothing says where it comes from. */
  readonly sends?: readonly string[];
  /** Methods of the pool, or plain functions, that take the object back as an argument. */
  readonly takenBackBy?: readonly TakeBackRow[];
  /** What happens when the object is used after its release. `unguarded`: it works, on a connection that somebody else may hold. */
  readonly useAfterRelease?: 'unguarded' | 'throws' | 'harmless';
  /** What leaving the scope of a `using` / `await using` declaration does. Absent: there is no dispose method, so the declaration throws. */
  readonly dispose?: DisposeRow;
  /** The call of a method may throw itself. Absent: what goes wrong in one comes later, by its promise, its callback or an event. */
  readonly failsAtOnce?: true;
  /** What has only few of them, for messages ("pool", "DataSource"): whoever keeps one takes it from all others. Absent: it may be kept. */
  readonly pooledBy?: string;
  /** How the release is spelt, for messages; `$` stands for the handle, `@` for what it was taken from: `$.release()`, `@.putconn($)`. Absent: it has none. */
  readonly giveBack?: string;
}

/** A dispose method. */
export interface DisposeRow {
  readonly kind: 'sync' | 'async';
  readonly effect: 'release';
  /** The first version that has it. */
  readonly since: string;
  /** The package whose version that is. Absent: the one of the module. */
  readonly package?: string;
}

/** A form of the library that takes the object, hands it to a callback and gives it back however that ends: `dataSource.transaction(async (manager) => …)`. */
export interface ScopedRow {
  /** What is called; `@` stands for what the object is taken from: `@.transaction`. */
  readonly call: string;
  /** What the callback is given: `$`, the object itself, else the name of what stands for it there. Absent: it takes no callback, and does all at once. */
  readonly gives?: string;
  /** Whether it is a transaction: the callback's return commits it, its throw rolls it back. */
  readonly commits?: true;
  /** The method of the chain that starts at `@`, where the acquiring call is not that: `startTransaction` in `db.startTransaction().execute()`. */
  readonly from?: string;
  /** Methods of the object that what the callback is given has as well, where that is not the object itself. */
  readonly shares?: readonly string[];
  /** Takes what the acquiring call is given, or the one that begins the transaction, before the callback. Absent: it takes it elsewhere, or not at all. */
  readonly options?: 'first';
  /**
   * Where it does not do the same as code that gives back in a `finally` block, or rolls back and throws the error again, does. `ambient`: what runs in the callback
   * may be in the transaction without being given it. `destroys`: a throw destroys the object. `rejects`: it is rejected where the transaction cannot begin, or its
   * commit fails, of which code that does so by hand hears nothing.
   */
  readonly differs?: 'ambient' | 'destroys' | 'rejects';
  /** The first version of the library that has it, where older ones are still around. */
  readonly since?: string;
}

/** An object that is made once and kept for as long as the process lives; each one that is made has connections of its own. */
export interface RootRow {
  /** What each one holds, for messages: "up to 10 connections". */
  readonly holds: string;
  /** How it is closed, for messages; `$` stands for its name. Its rows with the effect `ends` do it. */
  readonly close: string;
  /** How long its connections stay open when nobody closes it, for messages: "for 10 seconds after its last use". Absent: as long as the process lives. */
  readonly stays?: string;
  /** The rule that speaks about it; absent: `no-pool-per-call`. */
  readonly rule?: 'no-multiple-prisma-clients';
  /**
   * It may wait for messages as long as the process lives, and be made anew when it is lost. Code that never closes it is spoken about only where requests,
   * events of others or the turns of a loop make it run; that others can call it says nothing.
   */
  readonly listens?: true;
  /** Absent: each construction makes connections of its own. Else those that are given one of these; one that is given a pool makes none. */
  readonly ownsIf?: OwnsRow;
  /** Options that say it is a file of this machine, and no server is asked for connections: `knex({ client: 'sqlite3' })`. */
  readonly exceptIf?: Readonly<Record<string, readonly string[]>>;
}

/** What shows that a construction opens connections by itself: a URL as its first argument, or one of these options. */
export interface OwnsRow {
  readonly url?: true;
  readonly options?: readonly string[];
}

export type MemberRow =
  | ({ readonly effect: 'acquire' } & AcquireRow)
  | ReleaseRow
  /**
   * The result is an object of this type: `pool.promise()`. `keeps`: it keeps the one that made it. `anew`: each call makes another one, with connections of
   * its own (`redis.duplicate()`).
   */
  | { readonly effect: 'returns'; readonly type: string; readonly keeps?: true; readonly anew?: true }
  /** The property is an object of this type, and keeps the one that has it: `manager.connection`. */
  | { readonly effect: 'has'; readonly type: string }
  /** Says whether the object was released: truthy then and falsy before, or, where `released` is false, the other way round. `trx.isCompleted()`. */
  | { readonly effect: 'tells'; readonly by: 'call' | 'property'; readonly released: boolean }
  /** Gives a command that does nothing until its method `by` is called: `await trx.commit().execute()`. */
  | { readonly effect: 'prepares'; readonly by: string; readonly release: ReleaseRow }
  /** A property, or what a method gives, that is the same resource under another name: `connection.promise()`. */
  | { readonly effect: 'self' }
  /** Ends the pool. `closesTaken`: what was taken from it and is still out is closed as well; else the end waits for that. */
  | { readonly effect: 'ends'; readonly closesTaken?: boolean }
  /** Uses the object. `lastEvent`: what it gives is an emitter that ends with this event, whether it fails or not. */
  | { readonly effect: 'use'; readonly lastEvent: string }
  | OpenRow;

/** Opens the receiver: from here on its release is owed. Before, nothing is. */
export interface OpenRow {
  readonly effect: 'open';
  /** What is reported: the construction, where anything may open it, and not this call. */
  readonly reports?: 'construction';
  /** A use that opens what is not open yet: when it fails, it may be open all the same. */
  readonly implied?: boolean;
  readonly lastEvent?: string;
}

export interface ReleaseRow {
  readonly effect: 'release';
  /** A second release. `gives-away`: it frees the connection that somebody else holds by now. */
  readonly again: 'throws' | 'gives-away' | 'harmless';
  /** Whether the release gives a promise that can reject; it counts as released even so, but another release is not held against the code then. */
  readonly mayReject?: boolean;
  /** Whether the method works when it is called without its object: `const { release } = client`. */
  readonly detachable?: boolean;
  /** The connection is closed, not kept: a later release finds nothing to give away. */
  readonly destroys?: boolean;
}

export interface TakeBackRow {
  /** `pool`: a method, called on whatever the connection came from. `function`: a plain function. */
  readonly on: 'pool' | 'function';
  readonly name: string;
  readonly release: ReleaseRow;
}
