/**
 * What an expression stands for: imports, value flow through variables and class members, annotations, other files of the project.
 * Nothing is decided by the name of a variable.
 *
 * Every question is answered from the syntax on demand and remembered (`memory.ts`). This is the face; the answers are found in `resolve-value.ts`,
 * `resolve-annotation.ts`, `resolve-member.ts` and `resolve-export.ts`, those about calls in `called-function.ts` and `library-calls.ts`. What lies in
 * another file is asked of that module's bindings (`module-source.ts`), and comes back as a foreign entity, which names its module.
 */
import type { Driver } from '../drivers/driver.ts';
import type { Pair } from '../drivers/generic.ts';
import type { CallLike, ClassNode, FunctionNode, Node, TSESTree } from '../syntax/estree.ts';
import type { FileIndex } from '../syntax/file-index.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import { AssignedPlaces } from './assigned-places.ts';
import { calledFunction } from './called-function.ts';
import { checkedInstance, type TypeSource } from './checked-types.ts';
import { driverIndex, packagePath, type DriverIndex } from './driver-index.ts';
import { broughtFrom, driverInstance, type Acquisition, type Construction, type DriverInstance, type Entity, type Evidence, type ForeignFunction, withEvidence } from './entity.ts';
import { JsDoc } from './jsdoc.ts';
import { LibraryCalls, type IdleType, type MemberRowOfCall } from './library-calls.ts';
import { Circle, Memory } from './memory.ts';
import { findExports, type ModuleExports } from './module-exports.ts';
import type { ModuleSource } from './module-source.ts';
import { PairEvidence } from './pair-evidence.ts';
import { ReceiverKeys } from './receiver-keys.ts';
import { relativePath } from './relative-path.ts';
import { resolveAnnotation } from './resolve-annotation.ts';
import { resolveExport, resolveWholeModule, type Space } from './resolve-export.ts';
import { collectAssignedMembers, entityOfModuleItself, exportedEntity, findMember, memberOfDriver, typeOfDriverExport, type AssignedMembers, type OwnObject } from './resolve-member.ts';
import { resolveResult, resolveValue } from './resolve-value.ts';
import { ResultUse } from './result-use.ts';
import type { ScopeIndex } from './scope-index.ts';

export interface BindingsInput {
  readonly file: FileIndex;
  readonly text: string;
  readonly scopes: ScopeIndex;
  readonly drivers: readonly Driver[];
  /** Pairs that the user names in settings. */
  readonly pairs: readonly Pair[];
  /** The module whose file this is, when its project is known; its `bindings` are these. */
  readonly module?: ModuleSource | undefined;
  /** What a type checker knows of the file, when the parser offers one. */
  readonly types?: TypeSource | undefined;
  /** The questions that are open: one for all modules of a project. */
  readonly circle?: Circle | undefined;
}

/** Answers what the expressions of one file stand for. */
export class Bindings {
  readonly file: FileIndex;
  readonly scopes: ScopeIndex;
  readonly jsDoc: JsDoc;
  readonly assignedPlaces: AssignedPlaces;
  /** The module that these are the bindings of. */
  readonly module: ModuleSource;
  private readonly drivers: DriverIndex;
  private readonly pairEvidence: PairEvidence;
  private readonly libraryCalls: LibraryCalls;
  private readonly values: Memory<Node, Entity>;
  private readonly types: Memory<TSESTree.TypeNode, Entity>;
  private readonly results: Memory<FunctionNode, Entity>;
  /** Members of object literals and of the instances of classes, by name. */
  private readonly members = new Map<Node, Memory<string, Entity>>();
  /** Members of classes themselves. */
  private readonly statics = new Map<Node, Memory<string, Entity>>();
  private readonly exportedValues: Memory<string, Entity>;
  private readonly exportedTypes: Memory<string, Entity>;
  /** What a type checker says, where there is one. */
  private readonly checkedValues: Memory<Node, Entity> | undefined;
  private readonly acquisitions = new Map<CallLike, Acquisition | undefined>();
  private readonly circle: Circle;
  private exportIndex: ModuleExports | undefined;
  private assigned: AssignedMembers | undefined;

  constructor(input: BindingsInput) {
    this.file = input.file;
    this.scopes = input.scopes;
    this.jsDoc = new JsDoc(input.file.program, input.text, input.scopes);
    this.assignedPlaces = new AssignedPlaces(input.file, input.scopes);
    this.module = input.module ?? { path: '', bindings: this, import: () => null };
    this.circle = input.circle ?? new Circle();
    this.values = new Memory(this.circle, (node) => resolveValue(this, node) ?? this.entityOfJsDoc(this.jsDoc.castOf(node)));
    this.types = new Memory(this.circle, (node) => this.findType(node));
    this.results = new Memory(this.circle, (node) => resolveResult(this, node));
    this.exportedValues = new Memory(this.circle, (name) => resolveExport(this, name, 'value'));
    this.exportedTypes = new Memory(this.circle, (name) => resolveExport(this, name, 'type'));
    const { types } = input;
    this.checkedValues = types && new Memory(this.circle, (receiver) => checkedInstance(types, this.drivers.byModule, receiver));
    this.drivers = driverIndex(input.drivers);
    const keys = new ReceiverKeys(input.scopes, (node) => this.entityOf(node));
    this.pairEvidence = new PairEvidence(this, input.pairs, keys);
    const resultUse = new ResultUse(this, keys, input.drivers);
    this.libraryCalls = new LibraryCalls(this, { memberNames: this.drivers.memberNames, pairEvidence: this.pairEvidence, resultUse, checkedValues: this.checkedValues });
  }

  /** Name of the called method or function; of an imported one, the name it has in its module. */
  nameOf(call: CallLike): string | undefined {
    return call.type === 'TaggedTemplateExpression' ? undefined : this.pairEvidence.nameOf(unwrapChain(call.callee));
  }

  /** What `node` stands for, or undefined when that is not known. A cast speaks where the value does not. */
  entityOf(node: Node): Entity | undefined {
    const expression = unwrapChain(node);
    if (expression !== node && (node.type === 'TSAsExpression' || node.type === 'TSTypeAssertion')) {
      return this.entityOf(node.expression) ?? this.entityOfType(node.typeAnnotation);
    }
    return this.values.answer(expression);
  }

  /** As `entityOfType`, for what `jsDoc` found, if anything. */
  entityOfJsDoc(node: TSESTree.TypeNode | undefined): Entity | undefined {
    return node && this.entityOfType(node);
  }

  /** What an object is whose annotation is `node`, or undefined when that is not known. */
  entityOfType(node: TSESTree.TypeNode): Entity | undefined {
    return this.types.answer(node);
  }

  private findType(node: TSESTree.TypeNode): Entity | undefined {
    const entity = resolveAnnotation(this, node);
    // What was read from a comment has no position.
    const isJsDoc = (node.range as unknown) === undefined && entity?.kind === 'instance' && entity.evidence === 'annotation';
    return isJsDoc ? withEvidence(entity, 'jsdoc') : entity;
  }

  /** The member `name` of an entity: an export of a module, a property of an object literal, a field or method of a class. */
  memberOf(entity: Entity, name: string): Entity | undefined {
    switch (entity.kind) {
      case 'local-object':
      case 'local-shape':
      case 'local-instance':
        return this.membersOf(this.members, entity).answer(name);
      case 'local-class':
        return this.membersOf(this.statics, entity).answer(name);
      case 'local-function':
      case 'local-signature':
        return undefined;
      case 'foreign':
        return this.brought(entity.module, entity.module.bindings.memberOf(entity.entity, name));
      case 'project-module': {
        const { bindings } = entity.module;
        const found = this.brought(entity.module, bindings.exportOf(name, 'value'));
        // A default import of a CommonJS module is all that it exports.
        return found ?? (name === 'default' && bindings.exports.isCommonJs ? entity : undefined);
      }
      default:
        return memberOfDriver(entity, name);
    }
  }

  /** What an object is whose annotation names the member `name` of a module: `pg.Pool`, `import type { Db } from './db'`. */
  typeMemberOf(entity: Entity, name: string): Entity | undefined {
    switch (entity.kind) {
      case 'module':
      case 'class':
        return typeOfDriverExport(entity, name);
      case 'project-module':
        return this.brought(entity.module, entity.module.bindings.exportOf(name, 'type'));
      default:
        return undefined;
    }
  }

  /** What `new` makes of a class, or what the name of the class says in an annotation. */
  instanceOf(entity: Entity, evidence: Evidence): Entity | undefined {
    switch (entity.kind) {
      case 'class':
        return driverInstance(entity, evidence);
      case 'module': {
        const itself = entityOfModuleItself(entity);
        return itself?.kind === 'class' ? driverInstance(itself, evidence) : undefined;
      }
      case 'local-class':
        return { kind: 'local-instance', node: entity.node };
      case 'foreign':
        return this.brought(entity.module, entity.module.bindings.instanceOf(entity.entity, evidence));
      case 'project-module': {
        const whole = this.wholeOf(entity.module);
        return whole && this.instanceOf(whole, evidence);
      }
      default:
        return undefined;
    }
  }

  /** What a call of a function gives, or the promise that it gives. */
  resultOf(entity: Entity): Entity | undefined {
    switch (entity.kind) {
      case 'factory':
        return driverInstance(entity, 'value');
      case 'maker':
        return exportedEntity(entity.driver, entity.row, entity.path);
      case 'module': {
        const itself = entityOfModuleItself(entity);
        return itself && itself.kind !== 'module' ? this.resultOf(itself) : undefined;
      }
      case 'acquirer':
        return driverInstance({ ...entity, type: entity.row.yields }, 'value');
      case 'local-function':
        return this.results.answer(entity.node);
      case 'local-signature':
        return entity.node.returnType && this.entityOfType(entity.node.returnType.typeAnnotation);
      case 'foreign':
        return this.brought(entity.module, entity.module.bindings.resultOf(entity.entity));
      case 'project-module': {
        const whole = this.wholeOf(entity.module);
        return whole && this.resultOf(whole);
      }
      default:
        return undefined;
    }
  }

  /** What this module exports under `name`: a value, or what an annotation of that name says. */
  exportOf(name: string, space: Space): Entity | undefined {
    return (space === 'value' ? this.exportedValues : this.exportedTypes).answer(name);
  }

  /** What this module exports, as syntax. */
  get exports(): ModuleExports {
    return (this.exportIndex ??= findExports(this.file.program, (name) => this.scopes.variableOf(name) === undefined));
  }

  /** Values that methods assign to the members of `this`: of the instances of a class (`static name`: of the class), or of an object literal. */
  assignedMembers(node: ClassNode | TSESTree.ObjectExpression): ReadonlyMap<string, readonly Node[]> {
    this.assigned ??= collectAssignedMembers(this.file);
    return this.assigned.get(node) ?? new Map();
  }

  /** The module that `specifier` names, as an import declaration asks its exports of it. */
  importedModule(specifier: unknown): Entity | undefined {
    if (typeof specifier !== 'string') return undefined;
    const { byModule } = this.drivers;
    const driver = byModule.get(specifier) ?? byModule.get(packagePath(specifier)) ?? this.module.generatedLibrary?.(specifier);
    if (driver !== undefined) {
      // The module `pg-pool` is the class itself.
      return packagePath(specifier) === 'pg-pool' ? { kind: 'class', driver, type: 'Pool', path: 'pg-pool' } : { kind: 'module', driver, path: driver.library };
    }
    const module = this.module.import(specifier);
    return module === null ? undefined : { kind: 'project-module', module };
  }

  /** What `require(specifier)` or a namespace import gives: the module, or the one value that it exports instead of names. */
  loadedModule(specifier: unknown): Entity | undefined {
    const entity = this.importedModule(specifier);
    if (entity?.kind !== 'project-module' || entity.module.bindings.exports.named.size > 0) return entity;
    const whole = this.wholeOf(entity.module);
    // An object of exports is asked by name, and so is the module.
    return whole === undefined || isObjectLiteral(whole) ? entity : whole;
  }

  /** The one value that a module exports instead of names; through modules that hand on another one's (`module.exports = require('./db')`). */
  private wholeOf(module: ModuleSource): Entity | undefined {
    const seen = new Set<ModuleSource>();
    for (let current = module; !seen.has(current); ) {
      seen.add(current);
      const whole = this.brought(current, resolveWholeModule(current.bindings));
      if (whole?.kind !== 'project-module') return whole;
      current = whole.module;
    }
    return undefined;
  }

  private brought(home: ModuleSource, entity: Entity | undefined): Entity | undefined {
    return broughtFrom(home, this.module, entity);
  }

  private membersOf(members: Map<Node, Memory<string, Entity>>, entity: OwnObject): Memory<string, Entity> {
    let memory = members.get(entity.node);
    if (memory === undefined) {
      memory = new Memory(this.circle, (name) => findMember(this, entity, name));
      members.set(entity.node, memory);
    }
    return memory;
  }

  /** What `call` takes from a pool, or undefined when it is no acquisition that the tables, the settings or a pair know. */
  acquisitionOf(call: CallLike): Acquisition | undefined {
    if (this.acquisitions.has(call)) return this.acquisitions.get(call);
    const acquisition = this.libraryCalls.acquisitionOf(call);
    this.acquisitions.set(call, acquisition);
    return acquisition;
  }

  /** The function of this file that `call` runs, or undefined when it is not known or lies elsewhere. For `new C()`, its constructor. */
  calleeOf(call: CallLike): FunctionNode | undefined {
    const called = call.type === 'TaggedTemplateExpression' ? undefined : calledFunction(this, this.entityOf(call.callee), call);
    return called?.module === this.module ? called.node : undefined;
  }

  /** The function of another file of the project that `call` runs; its nodes belong to the `module` that it names. */
  foreignCalleeOf(call: CallLike): ForeignFunction | undefined {
    let entity = call.type === 'TaggedTemplateExpression' ? undefined : this.entityOf(call.callee);
    if (entity?.kind === 'project-module') entity = this.wholeOf(entity.module);
    const called = calledFunction(this, entity, call);
    return called?.module === this.module ? undefined : called;
  }

  /** The driver table's row for the method `call` calls on an object that the tables know. */
  memberRowOf(call: CallLike): MemberRowOfCall | undefined {
    return this.libraryCalls.memberRowOf(call);
  }

  /** The instance of a library's class that the method `name` is called on (`LibraryCalls.driverInstanceOf`). */
  driverInstanceOf(entity: Entity, name: string, below?: ReadonlySet<Node>): DriverInstance | undefined {
    return this.libraryCalls.driverInstanceOf(entity, name, below);
  }

  /** What `call` makes by calling a class or a factory of a library, or a class of the project that extends one. */
  constructionOf(call: CallLike): Construction | undefined {
    return this.libraryCalls.constructionOf(call);
  }

  /** The type of what `construction` makes and leaves idle: nothing is owed until it is opened (`new Client()`). */
  idleTypeOf(construction: CallLike): IdleType | undefined {
    return this.libraryCalls.idleTypeOf(construction);
  }

  /** The path of another file, relative to this one. */
  seenFromHere(path: string | undefined): string | undefined {
    return path === undefined ? undefined : relativePath(this.module.path, path);
  }
}

function isObjectLiteral(entity: Entity): boolean {
  return entity.kind === 'local-object' || (entity.kind === 'foreign' && entity.entity.kind === 'local-object');
}
