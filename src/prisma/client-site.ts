import type { ProgramModel } from '../analysis/program-model.ts';
import type { RootVerdict } from '../roots/judge-roots.ts';
import type { Node } from '../syntax/estree.ts';

/**
 * A place at which a PrismaClient comes to be: a construction, a call of a function that constructs one and returns it, or a list of providers of a
 * NestJS module that names a class with a client of its own.
 */
export interface ClientSite {
  /** What is reported. */
  readonly node: Node;
  /** The construction itself, which may stand in a function that `node` calls; for a provider, `node`. */
  readonly construction: Node;
  /** The model of the file that `node` stands in. */
  readonly model: ProgramModel;
  readonly kind: 'construction' | 'provider';
  /** Which generated client: its package, or the directory that it is written into. */
  readonly client: string;
  /** How often it comes to be in the life of a process. */
  readonly runs: SiteRuns;
  /** What tells the database apart that it connects to; undefined: not known. */
  readonly database: string | undefined;
  /** The place that it is kept at, as long as the file is concerned: sites with the same place are alternatives for one client. */
  readonly place: string | undefined;
  /** Whether it comes to be only where a place of the global object is found empty. */
  readonly isGuarded: boolean;
  /** Whether the module hands it to those that import it. */
  readonly isOffered: boolean;
}

export type SiteRuns =
  /** At most once: it is kept at module level, in an object, or memoised. */
  | { readonly often: 'once'; readonly isModuleLevel: boolean }
  /** Once for each of many runs, and on some way out of them it is lost: what the verdict says. */
  | { readonly often: 'many'; readonly verdict: RootVerdict }
  /** Once for each object of a class, of which code that runs many times makes one. */
  | { readonly often: 'each object'; readonly shownBy: Node };
