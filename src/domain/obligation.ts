/**
 * The states of one obligation, from the acquisition on.
 *
 *   none ─ acquire → held ─ release → released
 *     idle ─ open ──↗    ╲ release(destroy) → destroyed
 *                         ╲ release in a continuation that nobody waits for → scheduled
 *
 * `none`: nothing was acquired yet (only facts are followed). `idle`: the object exists and owes nothing until it is opened
 * (`new Client()` before `connect()`). `given`: somebody else owes the release; such a path is followed on only for what the releases of
 * this code do (a second one may throw). `scheduled`: it will be released, later than the code that follows; nothing that follows is a misuse.
 * A path on which the obligation passes to somebody else, or on which we lose sight of it, has a `Settlement`, and ends unless it is `given`.
 */
import type { Acquisition } from '../bindings/entity.ts';
import type { Node } from '../syntax/estree.ts';

export type ObligationState = 'none' | 'idle' | 'held' | 'given' | 'released' | 'destroyed' | 'scheduled';

/** One acquisition site: the call that is reported, and what it hands out. */
export interface Site {
  /** The acquiring call; of a factory, the call of the factory. */
  readonly node: Node;
  readonly acquisition: Acquisition;
  /** What made the object that this call opened, where another call did: several calls may open one object. */
  readonly origin: Node | undefined;
}

/** Why a path no longer owes the release here. Named, so that each can be counted and listed in docs/limits.md. */
export type Transfer =
  | 'returned'
  | 'thrown'
  | 'stored'
  | 'stored in an outer variable'
  | 'put into a container'
  | 'given to a constructor'
  | 'given to a callback'
  | 'given to a function that may keep it'
  | 'captured by a closure that lives on';

/** Why we cannot say what happens to the obligation: the path is silent. */
export type Silence =
  | 'continuation'
  | 'callback'
  | 'callback order'
  | 'unseen function'
  | 'generator'
  | 'recursion'
  | 'depth'
  | 'disjunct bound'
  | 'spread'
  | 'not created here'
  | 'own state'
  | 'may stay'
  | 'unsupported';

export type Settlement = { readonly kind: 'transferred'; readonly to: Transfer } | { readonly kind: 'unknown'; readonly why: Silence };
