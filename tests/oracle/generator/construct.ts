/**
 * A construct: one kind of statement sequence that the generator can write. Families are lists of constructs, so that a
 * later family (`.then` chains, callbacks, a second module) is another list.
 */
import type { WritingScope, Written } from './writing-scope.ts';

export interface Construct {
  readonly name: string;
  readonly weight: number;
  /** What it does for a program: a program needs acquisitions first, and may end with exits. */
  readonly role: 'acquire' | 'effect' | 'control' | 'exit' | 'handle';
  /** Does it acquire? Where nothing can be acquired it is not written. */
  readonly acquires?: boolean;
  /** Acquires without `await`: also where promises cannot be awaited. */
  readonly byContinuation?: boolean;
  /** Where it can be written. */
  applies?(scope: WritingScope): boolean;
  write(scope: WritingScope, body: BodyWriter): Written;
}

/** Writes the statements of a nested block; given to constructs so that they need not know the other constructs. */
export interface BodyWriter {
  /** A few statements; at least one. */
  body(scope: WritingScope): Written;
  /** At most a few statements without exits, for places where a complete path is wanted. */
  calm(scope: WritingScope): readonly string[];
}

export const straight = (lines: readonly string[]): Written => ({ lines, ends: false });
export const ending = (lines: readonly string[]): Written => ({ lines, ends: true });
