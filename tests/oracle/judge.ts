/**
 * What the oracle asks of whoever is judged: a verdict for every acquisition site of a source text.
 */
export type Verdict = 'leak' | 'safe' | 'unknown';

export interface JudgedSite {
  /** Offset at which the acquiring call expression starts. */
  readonly start: number;
  readonly verdict: Verdict;
  /** The name of the silence, for `unknown`. */
  readonly reason?: string;
}

export interface Judgement {
  readonly sites: readonly JudgedSite[];
  /** Offsets of the calls that release a second time. */
  readonly doubleReleases: readonly number[];
  /** Offsets of the calls that use a handle already released. */
  readonly usesAfterRelease: readonly number[];
}

export interface Judge {
  /** Judges a program; one of several files (`program-files.ts`) file by file, each with the others as its project. */
  (source: string): Judgement;
}
