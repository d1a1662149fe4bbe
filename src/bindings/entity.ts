import type { AcquireRow, CallbackRow, Driver, ExportRow, FactoryRow, ReleaseRow, TypeRow } from '../drivers/driver.ts';
import type { Pair } from '../drivers/generic.ts';
import type { CallLike, ClassNode, FunctionNode, TSESTree } from '../syntax/estree.ts';
import type { ModuleSource } from './module-source.ts';

/** How we know what an object is; each finding can say it. */
export type Evidence =
  | 'import'
  /** Made in this file, and followed through variables, properties and calls. */
  | 'value'
  | 'annotation'
  | 'jsdoc'
  /** A field of a class. */
  | 'member'
  | 'other-file'
  /** A type checker says where the type is declared. */
  | 'type'
  /** What the file does with what it gets. */
  | 'use'
  | 'settings'
  | 'pair';

/** What an expression stands for: something of a library, something of this file, or something of another file of the project. */
export type Entity = DriverEntity | LocalEntity | ForeignEntity;

/** Known by the tables. `path` is its API path, for people: `pg › Pool`. */
export type DriverEntity =
  | { readonly kind: 'module'; readonly driver: Driver; readonly path: string }
  | { readonly kind: 'class'; readonly driver: Driver; readonly type: string; readonly path: string }
  | { readonly kind: 'factory'; readonly driver: Driver; readonly type: string; readonly path: string; readonly row: FactoryRow }
  /** A function that gives a class or a factory. */
  | { readonly kind: 'maker'; readonly driver: Driver; readonly row: ExportRow; readonly path: string }
  | { readonly kind: 'acquirer'; readonly driver: Driver; readonly row: AcquireRow; readonly path: string }
  | DriverInstance
  /** The release method of such an object, detached from it. */
  | { readonly kind: 'release-method'; readonly row: ReleaseRow };

/** An object of a library's class. */
export interface DriverInstance {
  readonly kind: 'instance';
  readonly driver: Driver;
  readonly type: string;
  readonly path: string;
  readonly evidence: Evidence;
  /** For `other-file`: the path of the file that shows it. */
  readonly file?: string | undefined;
}

/** Written in the file whose bindings answer: its nodes may be asked about there, and nowhere else. */
export type LocalEntity =
  | { readonly kind: 'local-function'; readonly node: FunctionNode }
  | { readonly kind: 'local-class'; readonly node: ClassNode }
  | { readonly kind: 'local-instance'; readonly node: ClassNode }
  | { readonly kind: 'local-object'; readonly node: TSESTree.ObjectExpression }
  /** An object of which only the type is known: an interface or type literal of this file. */
  | { readonly kind: 'local-shape'; readonly node: ShapeNode }
  /** A function of which only the type is known. */
  | { readonly kind: 'local-signature'; readonly node: SignatureNode };

export type ShapeNode = TSESTree.TSInterfaceDeclaration | TSESTree.TSTypeLiteral;
export type SignatureNode = TSESTree.TSFunctionType | TSESTree.TSMethodSignature | TSESTree.TSDeclareFunction | TSESTree.TSEmptyBodyFunctionExpression;

/** Of another file of the project: `module` is the one whose bindings know more of it. */
export type ForeignEntity =
  /** Written there; the nodes of `entity` belong to `module`. */
  | { readonly kind: 'foreign'; readonly module: ModuleSource; readonly entity: LocalEntity }
  /** All that a module exports: `import * as db from './db'`, `require('./db')`. */
  | { readonly kind: 'project-module'; readonly module: ModuleSource };

/** A function that a call runs in another file. */
export interface ForeignFunction {
  readonly module: ModuleSource;
  readonly node: FunctionNode;
}

/** A call that takes a connection, and what the driver tables say of it. */
export interface Acquisition {
  /** API path, for people: `pg › Pool › connect()`. */
  readonly path: string;
  readonly evidence: Evidence;
  /** Which other file shows it, relative to the one that acquires; where none does, undefined. */
  readonly evidenceFile?: string | undefined;
  readonly style: AcquireRow['style'];
  /** The property of the result in which it lies, where that is not the result itself. */
  readonly property?: string | undefined;
  /** What a callback gets, where the call takes one. */
  readonly callback?: CallbackRow | undefined;
  /** The kind of thing that is handed out. */
  readonly type: TypeRow;
  /** Whether the library is not known, only that it is one of a kind: what its objects do beyond that is not known either. */
  readonly isGuess?: boolean | undefined;
  /** Whether it is a root that was made here. Others than its maker may live on it: who is given it may keep it. */
  readonly isRoot?: boolean | undefined;
  /** For pairs: a plain name with no driver table. */
  readonly pair: Pair | undefined;
  /** The library's own call, where a table knows it. A site at another call is one of a function that hands the resource out. */
  readonly call?: CallLike | undefined;
}

/** An object of a library that a call makes. */
export interface Construction {
  readonly driver: Driver;
  readonly type: string;
  /** API path, for people: `pg › Pool`. */
  readonly path: string;
  /** Of a factory: whether it gives a promise, and what its callback gets. */
  readonly factory: FactoryRow | undefined;
}

/** An object of the class `type` of a library. */
export function driverInstance(of: { readonly driver: Driver; readonly type: string; readonly path: string }, evidence: Evidence): DriverInstance {
  return { kind: 'instance', driver: of.driver, type: of.type, path: of.path, evidence };
}

/** The same thing, with `evidence` for how we know it where it is an object of a library. */
export function withEvidence(entity: Entity, evidence: Evidence): Entity {
  return entity.kind === 'instance' ? { ...entity, evidence } : entity;
}

/** What the bindings of `home` answered, as `viewer` sees it: what has a node carries the module that the node belongs to. */
export function broughtFrom(home: ModuleSource, viewer: ModuleSource, entity: Entity | undefined): Entity | undefined {
  switch (entity?.kind) {
    case 'local-function':
    case 'local-class':
    case 'local-instance':
    case 'local-object':
    case 'local-shape':
    case 'local-signature':
      return home === viewer ? entity : { kind: 'foreign', module: home, entity };
    case 'foreign':
      return entity.module === viewer ? entity.entity : entity;
    case 'instance':
      return entity.evidence === 'other-file' || home === viewer ? entity : { ...entity, evidence: 'other-file', file: home.path };
    default:
      return entity;
  }
}
