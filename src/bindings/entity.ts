import type { AcquireRow, CallbackRow, Driver, ReleaseRow, TypeRow } from '../drivers/driver.ts';
import type { Pair } from '../drivers/generic.ts';
import type { ClassNode, FunctionNode, TSESTree } from '../syntax/estree.ts';

/** How we know what an object is; each finding can say it. */
export type Evidence = 'import' | 'value' | 'annotation' | 'member' | 'settings' | 'pair';

/** What an expression stands for. `path` is its API path, for people: `pg › Pool`. */
export type Entity =
  | { readonly kind: 'module'; readonly driver: Driver; readonly path: string }
  | { readonly kind: 'class'; readonly driver: Driver; readonly type: string; readonly path: string }
  | { readonly kind: 'factory'; readonly driver: Driver; readonly type: string; readonly path: string }
  | { readonly kind: 'acquirer'; readonly driver: Driver; readonly row: AcquireRow; readonly path: string }
  | { readonly kind: 'instance'; readonly driver: Driver; readonly type: string; readonly path: string; readonly evidence: Evidence }
  /** The release method of such an object, detached from it. */
  | { readonly kind: 'release-method'; readonly row: ReleaseRow }
  | { readonly kind: 'local-function'; readonly node: FunctionNode }
  | { readonly kind: 'local-class'; readonly node: ClassNode }
  | { readonly kind: 'local-instance'; readonly node: ClassNode }
  | { readonly kind: 'local-object'; readonly node: TSESTree.ObjectExpression }
  /** An object of which only the type is known: an interface or type literal of this file. */
  | { readonly kind: 'local-shape'; readonly members: readonly TSESTree.TypeElement[] };

/** A call that takes a connection, and what the driver tables say of it. */
export interface Acquisition {
  /** API path, for people: `pg › Pool › connect()`. */
  readonly path: string;
  readonly evidence: Evidence;
  readonly style: AcquireRow['style'];
  /** What a callback gets, where the call takes one. */
  readonly callback?: CallbackRow | undefined;
  /** The kind of thing that is handed out. */
  readonly type: TypeRow;
  /** For pairs: a plain name with no driver table. */
  readonly pair: Pair | undefined;
}
