/** The shape of a driver table that a user writes in the settings: each key, and what it may hold. The types of `src/drivers/driver.ts`, once more, as data. */
import type { AcquireRow, CallbackRow, DisposeRow, Driver, ExampleRow, ExportRow, MemberRow, OlderRow, OwnsRow, ReleaseRow, RootRow, ScopedRow, TakeBackRow, TypeRow } from '../drivers/driver.ts';

export type Shape =
  /** A text that is not empty. */
  | { readonly is: 'name' }
  /** Three numbers: `5.0.0`. */
  | { readonly is: 'version' }
  | { readonly is: 'boolean' }
  | { readonly is: 'number' }
  | { readonly is: 'one of'; readonly values: readonly (string | boolean)[] }
  | { readonly is: 'list'; readonly of: Shape }
  /** Any keys, each with the same kind of value. */
  | { readonly is: 'record'; readonly of: Shape }
  | ObjectShape
  /** Objects of several kinds: the key `by` says which one it is. */
  | { readonly is: 'kinds'; readonly by: string; readonly kinds: Readonly<Record<string, ObjectShape>> }
  /** A shape that is inside itself. */
  | { readonly is: 'again'; readonly shape: () => Shape };

export interface ObjectShape {
  readonly is: 'object';
  readonly required: Readonly<Record<string, Shape>>;
  readonly optional: Readonly<Record<string, Shape>>;
}

type OptionalKey<T> = { [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? K : never }[keyof T];
type RequiredKey<T> = Exclude<keyof T, OptionalKey<T>>;

/** The shape of `T`: whoever adds a key to the type has to say here what it holds. */
function objectOf<T>(required: Readonly<Record<RequiredKey<T>, Shape>>, optional: Readonly<Record<OptionalKey<T>, Shape>>): ObjectShape {
  return { is: 'object', required, optional };
}

/** The row of one kind, without the key that says which. */
type RowOf<Union, By extends keyof Union, Kind> = Omit<Extract<Union, Readonly<Record<By, Kind>>>, By>;

const NAME: Shape = { is: 'name' };
const VERSION: Shape = { is: 'version' };
const BOOLEAN: Shape = { is: 'boolean' };
const NUMBER: Shape = { is: 'number' };
const NAMES: Shape = { is: 'list', of: NAME };
const oneOf = (...values: readonly (string | boolean)[]): Shape => ({ is: 'one of', values });
const recordOf = (of: Shape): Shape => ({ is: 'record', of });
const TRUE = oneOf(true);

const CALLBACK = objectOf<CallbackRow>({ handle: NUMBER }, { argument: NUMBER, release: NUMBER });
const ACQUIRE = objectOf<AcquireRow>(
  { yields: NAME, style: oneOf('promise', 'direct', 'either', 'receiver', 'callback') },
  { property: NAME, unless: oneOf('callback', 'returning callback'), callback: CALLBACK },
);
const RELEASE = objectOf<Omit<ReleaseRow, 'effect'>>(
  { again: oneOf('throws', 'gives-away', 'harmless') },
  { mayReject: BOOLEAN, detachable: BOOLEAN, destroys: BOOLEAN },
);
const WHOLE_RELEASE = objectOf<ReleaseRow>({ ...RELEASE.required, again: RELEASE.required['again']!, effect: oneOf('release') }, { mayReject: BOOLEAN, detachable: BOOLEAN, destroys: BOOLEAN });

const EXPORT: Shape = {
  is: 'kinds',
  by: 'is',
  kinds: {
    class: objectOf<RowOf<ExportRow, 'is', 'class'>>({ type: NAME }, {}),
    type: objectOf<RowOf<ExportRow, 'is', 'type'>>({ type: NAME }, {}),
    factory: objectOf<RowOf<ExportRow, 'is', 'factory'>>({ type: NAME }, { gives: oneOf('promise'), callback: CALLBACK }),
    acquire: ACQUIRE,
    maker: objectOf<RowOf<ExportRow, 'is', 'maker'>>({ of: { is: 'again', shape: () => EXPORT } }, {}),
    object: objectOf<RowOf<ExportRow, 'is', 'object'>>({ type: NAME }, {}),
    namespace: objectOf<RowOf<ExportRow, 'is', 'namespace'>>({}, {}),
  } satisfies Record<ExportRow['is'], ObjectShape>,
};

const MEMBER: Shape = {
  is: 'kinds',
  by: 'effect',
  kinds: {
    acquire: ACQUIRE,
    release: RELEASE,
    returns: objectOf<RowOf<MemberRow, 'effect', 'returns'>>({ type: NAME }, { keeps: TRUE, anew: TRUE }),
    has: objectOf<RowOf<MemberRow, 'effect', 'has'>>({ type: NAME }, {}),
    tells: objectOf<RowOf<MemberRow, 'effect', 'tells'>>({ by: oneOf('call', 'property'), released: BOOLEAN }, {}),
    prepares: objectOf<RowOf<MemberRow, 'effect', 'prepares'>>({ by: NAME, release: WHOLE_RELEASE }, {}),
    self: objectOf<RowOf<MemberRow, 'effect', 'self'>>({}, {}),
    ends: objectOf<RowOf<MemberRow, 'effect', 'ends'>>({}, { closesTaken: BOOLEAN }),
    use: objectOf<RowOf<MemberRow, 'effect', 'use'>>({ lastEvent: NAME }, {}),
    open: objectOf<RowOf<MemberRow, 'effect', 'open'>>({}, { reports: oneOf('construction'), implied: BOOLEAN, lastEvent: NAME }),
  } satisfies Record<MemberRow['effect'], ObjectShape>,
};

const ROOT = objectOf<RootRow>(
  { holds: NAME, close: NAME },
  {
    stays: NAME,
    rule: oneOf('no-multiple-prisma-clients'),
    listens: TRUE,
    ownsIf: objectOf<OwnsRow>({}, { url: TRUE, options: NAMES }),
    exceptIf: recordOf(NAMES),
  },
);

const TYPE = objectOf<TypeRow>(
  { noun: NAME, members: recordOf(MEMBER) },
  {
    ending: oneOf('commit or rollback', 'end', 'close'),
    scoped: { is: 'list', of: objectOf<ScopedRow>({ call: NAME }, { gives: NAME, commits: TRUE, from: NAME, shares: NAMES, options: oneOf('first'), differs: oneOf('ambient', 'destroys', 'rejects'), since: VERSION }) },
    root: ROOT,
    wraps: objectOf<NonNullable<TypeRow['wraps']>>({}, { close: NAME }),
    borrows: TRUE,
    isOpenWhenMade: TRUE,
    mayStay: TRUE,
    closedByFailure: TRUE,
    endsWithLoop: TRUE,
    statics: recordOf(EXPORT),
    isPartial: TRUE,
    sends: NAMES,
    singleShot: NAMES,
    takenBackBy: { is: 'list', of: objectOf<TakeBackRow>({ on: oneOf('pool', 'function'), name: NAME, release: WHOLE_RELEASE }, {}) },
    useAfterRelease: oneOf('unguarded', 'throws', 'harmless'),
    dispose: objectOf<DisposeRow>({ kind: oneOf('sync', 'async'), effect: oneOf('release'), since: VERSION }, { package: NAME }),
    failsAtOnce: TRUE,
    pooledBy: NAME,
    giveBack: NAME,
  },
);

/** A driver table. Where its facts come from need not be said in settings. */
export const DRIVER_SHAPE: ObjectShape = objectOf<Omit<Driver, 'source'> & Partial<Pick<Driver, 'source'>>>(
  { library: NAME, modules: NAMES, exports: recordOf(EXPORT), types: recordOf(TYPE) },
  { source: NAME, itself: EXPORT, older: { is: 'list', of: objectOf<OlderRow>({ until: VERSION, types: recordOf(TYPE) }, {}) }, example: objectOf<ExampleRow>({ setup: NAMES, take: NAMES, use: NAMES }, {}), traps: NAMES },
);
