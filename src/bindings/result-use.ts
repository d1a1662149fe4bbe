/**
 * Use of the result: `x.connect()` and `x.getConnection()`, of which nothing else is known, hand a connection out where the file calls both a method
 * that sends something and the one that gives back on the awaited results of one receiver. Which names these are is in the tables.
 */
import type { Driver, MemberRow, TypeRow } from '../drivers/driver.ts';
import { isFunctionNode, type Node, type TSESTree } from '../syntax/estree.ts';
import type { FileIndex } from '../syntax/file-index.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { Bindings } from './bindings.ts';
import type { Acquisition, Entity } from './entity.ts';
import type { ReceiverKeys } from './receiver-keys.ts';
import type { ScopeIndex } from './scope-index.ts';

/** What the tables say of connections that a method of some name hands out. */
interface Family {
  readonly sends: readonly string[];
  readonly release: string;
  readonly type: TypeRow;
}

const families = new WeakMap<readonly Driver[], ReadonlyMap<string, readonly Family[]>>();

/** The families of driver whose pools hand out by a method of this name, by the name. */
export function familiesOf(drivers: readonly Driver[]): ReadonlyMap<string, readonly Family[]> {
  const known = families.get(drivers);
  if (known !== undefined) return known;
  const found = new Map<string, Family[]>();
  for (const driver of drivers) {
    for (const { members } of Object.values(driver.types)) {
      for (const [name, row] of Object.entries(members)) {
        const family = familyOf(driver, row);
        const others = found.get(name) ?? [];
        if (family === undefined || others.some(({ type }) => type === family.type)) continue;
        found.set(name, [...others, family]);
      }
    }
  }
  families.set(drivers, found);
  return found;
}

function familyOf(driver: Driver, row: MemberRow): Family | undefined {
  if (row.effect !== 'acquire' || row.style !== 'promise') return undefined;
  const type = driver.types[row.yields];
  const release = /^\$\.(\w+)\(\)$/.exec(type?.giveBack ?? '')?.[1];
  return type?.sends === undefined || release === undefined ? undefined : { sends: type.sends, release, type: leniently(type) };
}

const lenient = new WeakMap<TypeRow, TypeRow>();

/** The row of a library that we only guess: what it minds (a second release, a use after it) may be nothing to the one that it is. */
function leniently(type: TypeRow): TypeRow {
  let row = lenient.get(type);
  if (row === undefined) {
    const members = Object.entries(type.members).map(([name, member]) => [name, member.effect === 'release' ? { ...member, again: 'harmless' } : member] as const);
    const takenBackBy = (type.takenBackBy ?? []).map((back) => ({ ...back, release: { ...back.release, again: 'harmless' as const } }));
    row = { ...type, members: Object.fromEntries(members) as TypeRow['members'], takenBackBy, useAfterRelease: 'harmless' };
    lenient.set(type, row);
  }
  return row;
}

/** Which calls of one file hand a connection out, by what the file does with the results. */
export class ResultUse {
  private uses: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  private readonly bindings: Bindings;
  private readonly file: FileIndex;
  private readonly scopes: ScopeIndex;
  private readonly keys: ReceiverKeys;
  private readonly families: ReadonlyMap<string, readonly Family[]>;

  constructor(bindings: Bindings, keys: ReceiverKeys, drivers: readonly Driver[]) {
    this.bindings = bindings;
    this.file = bindings.file;
    this.scopes = bindings.scopes;
    this.keys = keys;
    this.families = familiesOf(drivers);
  }

  /** The acquisition that `call` is by what becomes of its result, or of the results of the same method of the same receiver. */
  acquisitionOf(call: TSESTree.CallExpression): Acquisition | undefined {
    const name = this.nameOf(call);
    if (name === undefined) return undefined;
    this.uses ??= this.collectUses();
    const used = this.uses.get(this.keyOf(call, name) ?? '');
    const family = used && this.families.get(name)!.find(({ sends, release }) => used.has(release) && sends.some((send) => used.has(send)));
    return family && { path: `${name}()`, evidence: 'use', style: 'promise', type: family.type, isGuess: true, pair: undefined };
  }

  /** The acquisition that `call` is by what its annotated result `result`, a type of the project, offers: it is known by its methods all the same. */
  acquisitionByType(call: TSESTree.CallExpression, result: Entity | undefined): Acquisition | undefined {
    const name = this.nameOf(call);
    if (name === undefined || result === undefined || result.kind === 'instance') return undefined;
    const offers = (method: string): boolean => this.bindings.memberOf(result, method) !== undefined;
    const family = this.families.get(name)!.find(({ sends, release }) => offers(release) && sends.some(offers));
    const evidenceFile = this.bindings.seenFromHere(result.kind === 'foreign' ? result.module.path : undefined);
    return family && { path: `${name}()`, evidence: 'annotation', evidenceFile, style: 'promise', type: family.type, isGuess: true, pair: undefined };
  }

  /** The name of the method, where a family has it and no callback gets the result. */
  private nameOf(call: TSESTree.CallExpression): string | undefined {
    const callee = unwrapChain(call.callee);
    const name = callee.type === 'MemberExpression' ? staticMemberName(callee) : undefined;
    return name !== undefined && this.families.has(name) && !call.arguments.some((argument) => isFunctionNode(unwrapChain(argument))) ? name : undefined;
  }

  private keyOf(call: TSESTree.CallExpression, name: string): string | undefined {
    const receiver = this.keys.ofCallee(unwrapChain(call.callee));
    return receiver === undefined ? undefined : `${receiver} ${name}`;
  }

  /** The methods that are called on the results, by receiver and acquiring method. */
  private collectUses(): Map<string, Set<string>> {
    const uses = new Map<string, Set<string>>();
    for (const calls of this.file.calls.values()) {
      for (const call of calls) {
        const name = call.type === 'CallExpression' ? this.nameOf(call) : undefined;
        const key = name === undefined ? undefined : this.keyOf(call as TSESTree.CallExpression, name);
        if (key === undefined) continue;
        const used = uses.get(key) ?? new Set<string>();
        for (const method of this.methodsOf(call)) used.add(method);
        uses.set(key, used);
      }
    }
    return uses;
  }

  /** The methods that are called on what `call` promises. */
  private *methodsOf(call: Node): Generator<string> {
    const reaction = reactionOf(call);
    if (reaction?.type === 'Identifier') yield* this.methodsOfVariable(reaction);
    let value = outermost(call);
    if (value.parent?.type !== 'AwaitExpression') return;
    value = outermost(value.parent);
    const { parent } = value;
    if (parent?.type === 'VariableDeclarator' && parent.init === value && parent.id.type === 'Identifier') yield* this.methodsOfVariable(parent.id);
    else if (parent?.type === 'AssignmentExpression' && parent.right === value && parent.left.type === 'Identifier') yield* this.methodsOfVariable(parent.left);
    else yield* methodRead(value);
  }

  private *methodsOfVariable(name: TSESTree.Identifier): Generator<string> {
    for (const reference of this.scopes.variableOf(name)?.references ?? []) yield* methodRead(outermost(reference.identifier));
  }
}

/** The method that is called on `object`, or handed on: `client.query(…)`, `.finally(client.release)`, `client.query.bind(client)`. */
function* methodRead(object: Node): Generator<string> {
  const member = object.parent;
  if (member?.type !== 'MemberExpression' || member.object !== object) return;
  const name = staticMemberName(member);
  const { parent } = outermost(member);
  const isCalled = parent?.type === 'CallExpression' || (parent?.type === 'MemberExpression' && staticMemberName(parent) === 'bind');
  if (name !== undefined && isCalled) yield name;
}

/** What `x.connect().then((client) => …)` calls the result. */
function reactionOf(call: Node): Node | undefined {
  const member = outermost(call).parent;
  if (member?.type !== 'MemberExpression' || staticMemberName(member) !== 'then') return undefined;
  const { parent } = outermost(member);
  const reaction = parent?.type === 'CallExpression' && parent.callee === member ? parent.arguments[0] : undefined;
  return reaction && isFunctionNode(reaction) ? reaction.params[0] : undefined;
}

/** `node` with what is around it and has the same value: casts, optional chains, `passed ?? node`. */
function outermost(node: Node): Node {
  let outer = node;
  for (let { parent } = node; parent; parent = parent.parent) {
    const isWrapper = unwrapChain(parent) !== parent && unwrapChain(parent) === unwrapChain(outer);
    const isChoice = (parent.type === 'LogicalExpression' && parent.right === outer) || (parent.type === 'ConditionalExpression' && parent.test !== outer);
    if (!isWrapper && !isChoice) break;
    outer = parent;
  }
  return outer;
}
