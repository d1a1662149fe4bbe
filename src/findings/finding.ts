/** What the analysis has to say about a file, as data. Nothing here knows a linter. */
import type { ExitKind } from '../cfg/graph.ts';
import type { Evidence } from '../bindings/entity.ts';
import type { ClientProblem } from '../prisma/find-client-problems.ts';
import type { Silence, Transfer } from '../domain/obligation.ts';
import type { CallLike, Node } from '../syntax/estree.ts';

/** One step of the way from the acquisition to the exit, for whoever draws it. */
export interface HistoryStep {
  readonly event: 'acquired' | 'stored' | 'released' | 'throws' | 'caught' | 'tested' | 'lost' | 'missed' | 'returns' | 'stopped' | 'ends' | 'misused';
  readonly node: Node;
  /** One phrase of plain English, with the source text of the call where there is one. */
  readonly text: string;
}

/** A test, and how it comes out on a path. */
export interface Decision {
  /** What is tested; of a loop over elements, the loop. */
  readonly node: Node;
  /** `loop`: whether there is another element. `case`: whether the value is that of the `case`. */
  readonly test: 'truthy' | 'nullish' | 'undefined' | 'case' | 'loop';
  readonly outcome: boolean;
}

/** What leads out. */
export type WayOut =
  /** A `finally` block; `isKept`: the resource is in a variable. */
  | { readonly kind: 'finally'; readonly isKept: boolean }
  /** The release stands in a `finally` block, behind something that may throw. */
  | { readonly kind: 'finally of its own' }
  /** The release stands in a `finally` block (of a transaction: in a `catch` clause), behind a test that says something else. */
  | { readonly kind: 'whenever taken' }
  /** The rollback stands in a `catch` clause, behind something that may throw. */
  | { readonly kind: 'before that' }
  /**
   * Where nothing goes wrong the resource is somebody else's, or is committed: release it, or roll it back, where something does, in the `catch` clause
   * that is there, or in a new one. `isHandedOn`: on some paths somebody else gets it.
   */
  | { readonly kind: 'catch'; readonly clause: Node | undefined; readonly isHandedOn: boolean }
  /** The same, where nothing is thrown. */
  | { readonly kind: 'this path'; readonly isHandedOn: boolean }
  /** No `finally` block spans several callbacks; `isHandedOn`: on some paths somebody else gets it. */
  | { readonly kind: 'callback'; readonly isHandedOn: boolean }
  /** Promises are waited for together, and one of them is rejected. */
  | { readonly kind: 'all settled' }
  /** The promise of the resource is fulfilled when nobody waits for it any more. */
  | { readonly kind: 'late' };

/** What makes the path leave without a release. */
export type LeakCause =
  /** This call, await or `throw` statement throws, and the path ends at `exit`. `and`: the test, behind it, without which a release would be reached. */
  | { readonly kind: 'throws'; readonly node: Node; readonly exit: ExitKind; readonly and: Decision | undefined }
  | { readonly kind: 'return'; readonly node: Node }
  | { readonly kind: 'end'; readonly node: Node }
  /** This test comes out so. */
  | ({ readonly kind: 'branch' } & Decision)
  /** The event that this registration waits for never comes. */
  | { readonly kind: 'missed'; readonly node: CallLike }
  /** The consumer of a generator stops at this `yield`; `and` as above. */
  | { readonly kind: 'stop'; readonly node: Node; readonly and: Decision | undefined }
  /** This promise is settled before that of the resource, in `Promise.race` or `Promise.any`. */
  | { readonly kind: 'outrun'; readonly node: Node }
  /** The declaration looks for a dispose method that is not there. */
  | { readonly kind: 'not-disposable'; readonly node: Node };

/** What has to happen for a release to be the second one, or for a use to come after it. */
export type MisuseCondition = { readonly kind: 'throws'; readonly node: Node } | ({ readonly kind: 'branch' } & Decision);

interface Common {
  /** Where it is reported. */
  readonly node: Node;
  /** The acquiring call. */
  readonly acquisition: Node;
  /** API path of the acquisition: `pg › Pool › connect()`. */
  readonly path: string;
  /** How the receiver is known. */
  readonly evidence: Evidence;
  /** For `other-file`: which one, relative to the file of the finding. */
  readonly evidenceFile: string | undefined;
  /** What the resource is called: the variable it is kept in, else what it is. */
  readonly handle: string;
  readonly noun: string;
  readonly message: string;
  readonly history: readonly HistoryStep[];
}

export interface LeakFinding extends Common {
  readonly kind: 'leak';
  readonly cause: LeakCause;
  readonly wayOut: WayOut;
  /** `never`: no path releases it. `some paths`: others do. */
  readonly extent: 'never' | 'some paths';
  /** Where the last name for the resource was lost: overwritten, or never kept. */
  readonly lost: Node | undefined;
  /** What made the object that the acquisition opened, where another call did. */
  readonly origin: Node | undefined;
}

export interface DoubleReleaseFinding extends Common {
  readonly kind: 'double-release';
  readonly first: Node;
  readonly condition: MisuseCondition | undefined;
}

export interface UseAfterReleaseFinding extends Common {
  readonly kind: 'use-after-release';
  readonly first: Node;
  readonly condition: MisuseCondition | undefined;
}

export interface StoredFinding extends Common {
  readonly kind: 'stored';
  /** What keeps it: an assignment, a field, a construction, the call of a function that stores it. */
  readonly store: Node;
  /** Whether it is kept for `LISTEN` or for an advisory lock. */
  readonly isDedicated: boolean;
}

/** A PrismaClient that should not be made, or not so often. */
export interface ClientFinding extends Common {
  readonly kind: 'prisma-client';
  readonly problem: ClientProblem['kind'];
}

/** A pool, or another object with connections of its own, is made on every run of some code and not closed on every path. */
export interface RootPerCallFinding extends Common {
  readonly kind: 'root-per-call';
  /** What shows that the code runs many times. */
  readonly shownBy: Node;
  /** Absent where no path closes it. */
  readonly cause: LeakCause | undefined;
}

/** A resource is given back on every path by hand, where a call with a callback does it by itself. */
export interface ManualReleaseFinding extends Common {
  readonly kind: 'manual-release';
}

export type Finding = ManualReleaseFinding | StoredFinding | LeakFinding | DoubleReleaseFinding | UseAfterReleaseFinding | RootPerCallFinding | ClientFinding;
export type FindingKind = Finding['kind'];

/** What became of one acquisition site. Every acquisition has one, so that silence can be counted. */
export interface SiteVerdict {
  readonly node: Node;
  readonly path: string | undefined;
  readonly evidence: Evidence | undefined;
  readonly evidenceFile: string | undefined;
  readonly verdict: 'leak' | 'safe' | 'unknown';
  /** Why the verdict is `unknown`; or where the obligation went, when it is `safe` because somebody else has it. */
  readonly reason: Silence | Transfer | undefined;
}
