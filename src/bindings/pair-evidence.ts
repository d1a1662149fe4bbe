/**
 * Pairs of names (`getconn` / `putconn`): an acquisition only where the user says so in settings, or where one receiver, class or module
 * is seen to offer both halves.
 */
import { GENERIC_PAIRS, type Pair } from '../drivers/generic.ts';
import type { TypeRow } from '../drivers/driver.ts';
import type { ClassNode, Node, TSESTree } from '../syntax/estree.ts';
import type { FileIndex } from '../syntax/file-index.ts';
import { staticMemberName, staticPropertyName } from '../syntax/static-name.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { Acquisition, Entity } from './entity.ts';
import type { ScopeIndex } from './scope-index.ts';

/** Which calls of one file are one half of a pair. */
export class PairEvidence {
  /** What each receiver, class or module is seen to be asked for or to offer: key → names. */
  private offers: Map<string, Set<string>> | undefined;
  private readonly receiverIds = new Map<unknown, number>();
  private readonly file: FileIndex;
  private readonly scopes: ScopeIndex;
  private readonly settings: readonly Pair[];

  private readonly entityOf: (node: Node) => Entity | undefined;

  constructor(file: FileIndex, scopes: ScopeIndex, settings: readonly Pair[], entityOf: (node: Node) => Entity | undefined) {
    this.entityOf = entityOf;
    this.file = file;
    this.scopes = scopes;
    this.settings = settings;
  }

  /** The acquisition that `call` is by its name and evidence. */
  acquisitionOf(call: TSESTree.CallExpression): Acquisition | undefined {
    const target = unwrapChain(call.callee);
    const name = this.nameOf(target);
    if (name === undefined) return undefined;
    for (const pair of this.settings) {
      if (pair.acquire !== name) continue;
      if ((pair.releaseOn === 'function') !== (target.type === 'Identifier') && pair.releaseOn !== 'connection') continue;
      if (pair.from !== undefined && this.moduleOf(rootOf(target)) !== pair.from) continue;
      return pairAcquisition(pair, 'settings');
    }
    const releases = GENERIC_PAIRS.get(name);
    if (releases === undefined) return undefined;
    const offered = this.offersOf(target);
    if (offered === undefined) return undefined;
    const seen = releases.filter((release) => offered.has(release));
    if (seen.length === 0) return undefined;
    return pairAcquisition(
      { acquire: name, release: seen, releaseOn: target.type === 'Identifier' ? 'function' : 'pool' },
      'pair',
    );
  }

  private offersOf(callee: Node): Set<string> | undefined {
    this.offers ??= this.collectOffers();
    const key = this.keyOf(callee);
    return key === undefined ? undefined : this.offers.get(key);
  }

  private collectOffers(): Map<string, Set<string>> {
    const offers = new Map<string, Set<string>>();
    const add = (key: string | undefined, name: string | undefined): void => {
      if (key === undefined || name === undefined) return;
      const names = offers.get(key) ?? new Set<string>();
      names.add(name);
      offers.set(key, names);
    };
    for (const calls of this.file.calls.values()) {
      for (const call of calls) {
        if (call.type !== 'CallExpression') continue;
        const callee = unwrapChain(call.callee);
        add(this.keyOf(callee), this.nameOf(callee));
      }
    }
    for (const node of this.file.classes) {
      for (const element of node.body.body) {
        if (element.type === 'MethodDefinition') add(this.classKey(node), staticPropertyName(element));
      }
    }
    for (const statement of this.file.program.body) {
      if (statement.type !== 'ImportDeclaration') continue;
      for (const specifier of statement.specifiers) {
        if (specifier.type === 'ImportSpecifier' && specifier.imported.type === 'Identifier') {
          add(`module ${statement.source.value}`, specifier.imported.name);
        }
      }
    }
    return offers;
  }

  /** Names the thing that offers the called function: a module, a variable, a field, a class. */
  private keyOf(callee: Node): string | undefined {
    if (callee.type === 'Identifier') {
      const module = this.moduleOf(callee);
      return module === undefined ? 'functions of this file' : `module ${module}`;
    }
    if (callee.type !== 'MemberExpression') return undefined;
    return this.receiverKey(unwrapChain(callee.object));
  }

  private receiverKey(object: Node): string | undefined {
    const entity = this.entityOf(object);
    if (entity?.kind === 'local-instance') return this.classKey(entity.node);
    if (object.type === 'Identifier') {
      const variable = this.scopes.variableOf(object);
      return variable === undefined ? `global ${object.name}` : `variable ${String(this.idOf(variable))}`;
    }
    if (object.type === 'ThisExpression') {
      for (let parent = object.parent as Node | undefined; parent; parent = parent.parent) {
        if (parent.type === 'ClassDeclaration' || parent.type === 'ClassExpression') return this.classKey(parent);
      }
      return undefined;
    }
    if (object.type === 'MemberExpression') {
      const inner = this.receiverKey(unwrapChain(object.object));
      const name = staticMemberName(object);
      return inner === undefined || name === undefined ? undefined : `${inner}.${name}`;
    }
    return undefined;
  }

  private classKey(node: ClassNode): string {
    return `class ${String(this.idOf(node))}`;
  }

  private idOf(key: unknown): number {
    const known = this.receiverIds.get(key);
    if (known !== undefined) return known;
    const id = this.receiverIds.size;
    this.receiverIds.set(key, id);
    return id;
  }

  /** Name of the called method or function; of an imported one, the name it has in its module. */
  nameOf(callee: Node): string | undefined {
    if (callee.type === 'MemberExpression') return staticMemberName(callee);
    if (callee.type !== 'Identifier') return undefined;
    const specifier = this.scopes.variableOf(callee)?.defs[0]?.node as Node | undefined;
    return specifier?.type === 'ImportSpecifier' && specifier.imported.type === 'Identifier' ? specifier.imported.name : callee.name;
  }

  /** The module that the called identifier is imported from. */
  private moduleOf(callee: Node): string | undefined {
    if (callee.type !== 'Identifier') return undefined;
    const definition = this.scopes.variableOf(callee)?.defs[0];
    const declaration = definition?.parent as Node | null | undefined;
    if (declaration?.type === 'ImportDeclaration') return declaration.source.value;
    const init = (definition?.node as Node | undefined)?.type === 'VariableDeclarator' ? (definition!.node as TSESTree.VariableDeclarator).init : null;
    if (init?.type === 'CallExpression' && init.callee.type === 'Identifier' && init.callee.name === 'require') {
      const argument = init.arguments[0];
      if (argument?.type === 'Literal' && typeof argument.value === 'string') return argument.value;
    }
    return undefined;
  }
}

/** The identifier that a member chain starts with: `store` in `store.pool.take`. */
function rootOf(node: Node): Node {
  let root = node;
  while (root.type === 'MemberExpression') root = unwrapChain(root.object);
  return root;
}

function pairAcquisition(pair: Pair, evidence: 'settings' | 'pair'): Acquisition {
  return { path: `${pair.acquire}()`, evidence, style: 'either', type: pairType(pair), pair };
}

/** How the release of a pair is spelt (`TypeRow.giveBack`). */
const GIVE_BACK = { connection: '$.release()', pool: '@.release($)', function: 'release($)' } as const;

/** The table row that a pair amounts to: what pools do that do not watch over their connections. */
function pairType(pair: Pair): TypeRow {
  const release = { effect: 'release', again: 'gives-away', detachable: true } as const;
  const first = pair.release[0] ?? pair.acquire;
  return {
    noun: 'connection',
    failsLater: false,
    useAfterRelease: 'unguarded',
    giveBack: GIVE_BACK[pair.releaseOn].replace('release', first),
    members: pair.releaseOn === 'connection' ? Object.fromEntries(pair.release.map((name) => [name, release])) : {},
    takenBackBy:
      pair.releaseOn === 'connection' ? [] : pair.release.map((name) => ({ on: pair.releaseOn as 'pool' | 'function', name, release })),
  };
}

/** Whether any name of a pair occurs among these names: a cheap question before a file is analysed. */
export function isPairName(name: string, pairs: readonly Pair[]): boolean {
  return GENERIC_PAIRS.has(name) || pairs.some((pair) => pair.acquire === name);
}

