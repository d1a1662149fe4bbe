/** What calls do with the objects of libraries: what they acquire, construct, open, and which row of the tables says so. */
import type { AcquireRow, Driver, MemberRow, TypeRow } from '../drivers/driver.ts';
import type { CallLike, ClassNode, FunctionNode, Node, TSESTree } from '../syntax/estree.ts';
import { staticMemberName, staticPropertyName } from '../syntax/static-name.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { Bindings } from './bindings.ts';
import type { Acquisition, Construction, DriverInstance, Entity, Evidence } from './entity.ts';
import type { Memory } from './memory.ts';
import { ownRow } from './own-row.ts';
import type { PairEvidence } from './pair-evidence.ts';
import { basesOfShape, entityOfModuleItself } from './resolve-member.ts';
import { returnsIn } from './resolve-value.ts';
import type { ResultUse } from './result-use.ts';

/** A row of the tables for a method that is called, and how its object is known. */
export interface MemberRowOfCall {
  readonly row: MemberRow;
  readonly driver: Driver;
  readonly path: string;
  readonly evidence: Evidence;
  readonly file: string | undefined;
}

/** The type of an object that was made and not opened, and the method that opens it. */
export interface IdleType {
  readonly type: TypeRow;
  readonly path: string;
  readonly open: string;
}

/** What the questions about calls need besides what expressions stand for. */
interface LibraryCallsInput {
  /** The names of all methods that the tables know. */
  readonly memberNames: ReadonlySet<string>;
  readonly pairEvidence: PairEvidence;
  readonly resultUse: ResultUse;
  /** What a type checker says of a receiver, where there is one. */
  readonly checkedValues: Memory<Node, Entity> | undefined;
}

/** Answers what the calls of one file do with objects of libraries. Asked through `Bindings`, which remembers acquisitions. */
export class LibraryCalls {
  private readonly bindings: Bindings;
  private readonly parts: LibraryCallsInput;

  constructor(bindings: Bindings, parts: LibraryCallsInput) {
    this.bindings = bindings;
    this.parts = parts;
  }

  /** The driver table's row for the method `call` calls on an object that the tables know. */
  memberRowOf(call: CallLike): MemberRowOfCall | undefined {
    if (call.type !== 'CallExpression') return undefined;
    const callee = unwrapChain(call.callee);
    if (callee.type !== 'MemberExpression') return undefined;
    const name = staticMemberName(callee);
    if (name === undefined || !this.parts.memberNames.has(name)) return undefined;
    const object = this.bindings.entityOf(callee.object) ?? this.parts.checkedValues?.answer(callee.object);
    if (object === undefined) return undefined;
    const receiver = this.driverInstanceOf(object, name);
    if (receiver === undefined) return undefined;
    const row = ownRow(receiver.driver.types[receiver.type]?.members, name);
    return row && { row, driver: receiver.driver, path: `${receiver.path} › ${name}()`, evidence: receiver.evidence, file: receiver.file };
  }

  /**
   * The instance of a library's class that the method `name` is called on: directly, or because a class extends it and has no such method.
   * `below`: the classes and interfaces that were left on the way up, for those that extend each other.
   */
  driverInstanceOf(entity: Entity, name: string, below: ReadonlySet<Node> = new Set()): DriverInstance | undefined {
    switch (entity.kind) {
      case 'instance':
        return entity;
      case 'local-instance': {
        const { node } = entity;
        if (node.superClass === null || below.has(node) || definesMethod(node, name)) return undefined;
        const parent = this.bindings.entityOf(node.superClass);
        const base = parent && this.bindings.instanceOf(parent, 'value');
        return base && this.driverInstanceOf(base, name, new Set([...below, node]));
      }
      case 'local-shape':
        if (below.has(entity.node)) return undefined;
        for (const base of basesOfShape(this.bindings, entity.node)) {
          const found = this.driverInstanceOf(base, name, new Set([...below, entity.node]));
          if (found !== undefined) return found;
        }
        return undefined;
      case 'foreign': {
        const found = entity.module.bindings.driverInstanceOf(entity.entity, name, below);
        return found && (found.evidence === 'other-file' ? found : { ...found, evidence: 'other-file', file: entity.module.path });
      }
      default:
        return undefined;
    }
  }

  /** What `call` makes by calling a class or a factory of a library, or a class of the project that extends one. */
  constructionOf(call: CallLike): Construction | undefined {
    if (call.type === 'TaggedTemplateExpression') return undefined;
    const entity = this.bindings.entityOf(call.callee);
    if (call.type === 'NewExpression') {
      const made = entity && this.bindings.instanceOf(entity, 'value');
      // No class has a method without a name: the classes are gone up to the one of the library.
      const instance = made && this.driverInstanceOf(made, '');
      return instance && { driver: instance.driver, type: instance.type, path: instance.path, factory: undefined };
    }
    const member = this.memberRowOf(call);
    if (member?.row.effect === 'returns' && member.row.anew === true) return { driver: member.driver, type: member.row.type, path: member.path, factory: undefined };
    const factory = entity?.kind === 'module' ? entityOfModuleItself(entity) : entity;
    return factory?.kind === 'factory' ? { driver: factory.driver, type: factory.type, path: `${factory.path}()`, factory: factory.row } : undefined;
  }

  /** The type of what `construction` makes and leaves idle: nothing is owed until it is opened (`new Client()`, `mysql.createConnection()`). */
  idleTypeOf(construction: CallLike): IdleType | undefined {
    if (construction.type === 'TaggedTemplateExpression') return undefined;
    const made = this.constructedBy(construction);
    const type = made?.driver.types[made.type];
    if (made === undefined || type === undefined) return undefined;
    for (const [name, row] of Object.entries(type.members)) {
      if (row.effect === 'open') return { type, path: row.reports === 'construction' ? made.path : `${made.path.replace(/\(\)$/, '')} › ${name}()`, open: name };
    }
    return undefined;
  }

  /** The type of a library's object that `construction` makes: `new Client()`, `createConnection()`, `dataSource.createQueryRunner()`. */
  private constructedBy(construction: TSESTree.CallExpression | TSESTree.NewExpression): { driver: Driver; type: string; path: string } | undefined {
    const entity = this.bindings.entityOf(construction.callee);
    if (entity?.kind === (construction.type === 'NewExpression' ? 'class' : 'factory')) return { ...entity, path: `${entity.path}()` };
    const member = this.memberRowOf(construction);
    return member?.row.effect === 'returns' ? { ...member, type: member.row.type } : undefined;
  }

  /** What `call` takes from a pool, or undefined when it is no acquisition that the tables, the settings or a pair know. */
  acquisitionOf(call: CallLike): Acquisition | undefined {
    if (call.type === 'TaggedTemplateExpression') return undefined;
    const member = this.memberRowOf(call);
    if (member?.row.effect === 'acquire' && call.type === 'CallExpression') {
      if (this.isScoped(member.row, call)) return undefined;
      const type = member.driver.types[member.row.yields];
      const evidenceFile = this.bindings.seenFromHere(member.file);
      return type && { path: member.path, evidence: member.evidence, evidenceFile, style: member.row.style, property: member.row.property, callback: member.row.callback, type, pair: undefined, call };
    }
    const made = member === undefined || member.row.effect === 'returns' ? this.openWhenMade(call) : undefined;
    if (made !== undefined || member !== undefined || call.type !== 'CallExpression') return made;
    const callee = this.bindings.entityOf(call.callee);
    if (callee?.kind === 'acquirer') {
      if (this.isScoped(callee.row, call)) return undefined;
      const type = callee.driver.types[callee.row.yields];
      return type && { path: `${callee.path}()`, evidence: 'import', style: callee.row.style, property: callee.row.property, callback: callee.row.callback, type, pair: undefined, call };
    }
    const isSignature = callee?.kind === 'local-signature' || (callee?.kind === 'foreign' && callee.entity.kind === 'local-signature');
    const typed = isSignature ? this.parts.resultUse.acquisitionByType(call, this.bindings.resultOf(callee)) : undefined;
    if (typed !== undefined) return typed;
    const pair = this.parts.pairEvidence.acquisitionOf(call);
    // A function of another file may hand something out that no table knows: what this file does with it is proof all the same.
    if (pair?.evidence === 'settings' || (callee !== undefined && callee.kind !== 'foreign') || !this.isUnknownReceiver(call)) return pair;
    const used = this.parts.resultUse.acquisitionOf(call);
    if (used === undefined || pair === undefined) return used ?? pair;
    return { ...used, type: { ...used.type, takenBackBy: [...(used.type.takenBackBy ?? []), ...(pair.type.takenBackBy ?? [])] } };
  }

  /** What `call` makes, where its construction takes it: `new DatabaseSync(path)`. */
  private openWhenMade(call: CallLike): Acquisition | undefined {
    const made = this.constructionOf(call);
    const type = made?.driver.types[made.type];
    if (made === undefined || type?.isOpenWhenMade !== true) return undefined;
    const style = made.factory?.gives === 'promise' ? 'promise' : 'direct';
    return { path: made.path, evidence: 'import', style, callback: made.factory?.callback, type, pair: undefined, call };
  }

  /** Whether the call gives back by itself, because of the function that it is given. */
  private isScoped({ unless, callback }: AcquireRow, call: TSESTree.CallExpression): boolean {
    if (unless === undefined || this.isWithoutFunction(call)) return false;
    const given = unless === 'returning callback' ? call.arguments[callback?.argument ?? call.arguments.length - 1] : undefined;
    const entity = given && this.bindings.entityOf(unwrapChain(given));
    return entity?.kind !== 'local-function' || mayGive(entity.node);
  }

  /** Whether none of the arguments can be a function: what nothing is known of may be one. */
  private isWithoutFunction(call: TSESTree.CallExpression): boolean {
    return call.arguments.every((argument) => {
      const value = unwrapChain(argument);
      if (value.type === 'Literal' || value.type === 'ObjectExpression' || value.type === 'TemplateLiteral' || value.type === 'ArrayExpression') return true;
      if (value.type === 'Identifier' && value.name === 'undefined' && this.bindings.scopes.variableOf(value) === undefined) return true;
      const entity = this.bindings.entityOf(value);
      return entity !== undefined && OBJECTS.has(entity.kind === 'foreign' ? entity.entity.kind : entity.kind);
    });
  }

  /** Whether nothing is known of what a method is called on: no object of a library whose rows say what it hands out, nor one of the project that has the method. */
  private isUnknownReceiver(call: TSESTree.CallExpression): boolean {
    const callee = unwrapChain(call.callee);
    const receiver = callee.type === 'MemberExpression' ? this.bindings.entityOf(callee.object) : undefined;
    return receiver === undefined || isOfProject(receiver) || (receiver.kind === 'instance' && receiver.driver.types[receiver.type]?.isPartial === true);
  }
}

/** Kinds of entity that are no functions. */
const OBJECTS: ReadonlySet<Entity['kind']> = new Set(['instance', 'local-instance', 'local-object', 'local-shape']);

/** Whether a call of the function may give something: a promise, or what it returns. */
function mayGive({ async, generator, body }: FunctionNode): boolean {
  return async || generator || body.type !== 'BlockStatement' || returnsIn(body).some(({ argument }) => argument !== null);
}

function isOfProject(entity: Entity): boolean {
  return entity.kind.startsWith('local-') || entity.kind === 'foreign' || entity.kind === 'project-module';
}

function definesMethod(node: ClassNode, name: string): boolean {
  return node.body.body.some((element) => 'key' in element && !element.static && staticPropertyName(element as TSESTree.MethodDefinition) === name);
}
