/** What the analysis has to say about a file, as data. Nothing here knows a linter. */
import type { ExitKind } from '../cfg/graph.ts';
import type { Evidence } from '../bindings/entity.ts';
import type { Silence, Transfer } from '../domain/obligation.ts';
import type { CallLike, Node } from '../syntax/estree.ts';

/** One step of the way from the acquisition to the exit, for whoever draws it. */
export interface HistoryStep {
  readonly event: 'acquired' | 'released' | 'throws' | 'caught' | 'lost' | 'missed' | 'returns' | 'stopped' | 'ends' | 'misused';
  readonly node: Node;
  /** One phrase of plain English, with the source text of the call where there is one. */
  readonly text: string;
}

/** What makes the path leave without a release. */
export type LeakCause =
  /** This call, await or `throw` statement throws, and the path ends at `exit`. */
  | { readonly kind: 'throws'; readonly node: Node; readonly exit: ExitKind }
  | { readonly kind: 'return'; readonly node: Node }
  | { readonly kind: 'end'; readonly node: Node }
  /** The event that this registration waits for never comes. */
  | { readonly kind: 'missed'; readonly node: CallLike }
  /** The consumer of a generator stops at this `yield`. */
  | { readonly kind: 'stop'; readonly node: Node }
  /** This promise is settled before that of the resource, in `Promise.race` or `Promise.any`. */
  | { readonly kind: 'outrun'; readonly node: Node }
  /** The declaration looks for a dispose method that is not there. */
  | { readonly kind: 'not-disposable'; readonly node: Node };

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
}

export interface UseAfterReleaseFinding extends Common {
  readonly kind: 'use-after-release';
  readonly first: Node;
}

export type Finding = LeakFinding | DoubleReleaseFinding | UseAfterReleaseFinding;
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
