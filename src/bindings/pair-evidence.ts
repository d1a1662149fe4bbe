/**
 * Pairs of names (`getconn` / `putconn`): an acquisition only where the user says so in settings, or where one receiver, class or module
 * is seen to offer both halves.
 */
import { GENERIC_PAIRS, type Pair } from '../drivers/generic.ts';
import type { TypeRow } from '../drivers/driver.ts';
import type { Node, TSESTree } from '../syntax/estree.ts';
import type { FileIndex } from '../syntax/file-index.ts';
import { staticMemberName, staticPropertyName } from '../syntax/static-name.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { Bindings } from './bindings.ts';
import type { Acquisition, Entity } from './entity.ts';
import type { ReceiverKeys } from './receiver-keys.ts';
import type { ScopeIndex } from './scope-index.ts';

const PLAIN_TYPES: ReadonlySet<string> = new Set(['TSNumberKeyword', 'TSStringKeyword', 'TSBooleanKeyword', 'TSBigIntKeyword', 'TSSymbolKeyword']);

/** Which calls of one file are one half of a pair. */
export class PairEvidence {
  /** What each receiver, class or module is seen to be asked for or to offer: key → names. */
  private offers: Map<string, Set<string>> | undefined;
  private readonly file: FileIndex;
  private readonly scopes: ScopeIndex;
  private readonly settings: readonly Pair[];
  private readonly keys: ReceiverKeys;
  private readonly bindings: Bindings;

  constructor(bindings: Bindings, settings: readonly Pair[], keys: ReceiverKeys) {
    this.bindings = bindings;
    this.keys = keys;
    this.file = bindings.file;
    this.scopes = bindings.scopes;
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
      if (pair.from !== undefined && this.keys.moduleOf(rootOf(target)) !== pair.from) continue;
      return pairAcquisition(pair, 'settings');
    }
    const releases = GENERIC_PAIRS.get(name);
    if (releases === undefined) return undefined;
    const offered = this.offersOf(target);
    const offerer = this.offererOf(target);
    const seen = releases.filter((release) => (offered?.has(release) === true || (offerer !== undefined && this.isOffered(offerer, release))) && !this.takesNone(offerer, release));
    if (seen.length === 0) return undefined;
    const releaseOn = target.type === 'Identifier' ? 'function' : 'pool';
    const isElsewhere = offered === undefined || !seen.some((release) => offered.has(release));
    return { ...pairAcquisition({ acquire: name, release: seen, releaseOn }, 'pair'), evidenceFile: isElsewhere ? this.bindings.seenFromHere(fileOf(offerer)) : undefined };
  }

  /** What the called function is a member of, where that is known: an object, a class or a type, of this file or another, or a module of the project. */
  private offererOf(callee: Node): Entity | undefined {
    if (callee.type === 'MemberExpression') return this.bindings.entityOf(callee.object);
    return this.bindings.importedModule(this.keys.moduleOf(callee));
  }

  private isOffered(offerer: Entity, name: string): boolean {
    if (offerer.kind === 'project-module' && offerer.module.bindings.exports.named.has(name)) return true;
    return this.bindings.memberOf(offerer, name) !== undefined;
  }

  /** Whether the half that takes back is seen to take no connection: it has no parameter, or a plain value for one (`releaseConnection(tabId: number)`). */
  private takesNone(offerer: Entity | undefined, name: string): boolean {
    const member = offerer && this.bindings.memberOf(offerer, name);
    const found = member?.kind === 'foreign' ? member.entity : member;
    if (found?.kind !== 'local-function' && found?.kind !== 'local-signature') return false;
    const [first] = found.node.params;
    if (first === undefined) return true;
    const annotation = 'typeAnnotation' in first ? first.typeAnnotation?.typeAnnotation.type : undefined;
    return annotation !== undefined && PLAIN_TYPES.has(annotation);
  }

  private offersOf(callee: Node): Set<string> | undefined {
    this.offers ??= this.collectOffers();
    const key = this.keys.ofCallee(callee);
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
        add(this.keys.ofCallee(callee), this.nameOf(callee));
      }
    }
    for (const node of this.file.classes) {
      for (const element of node.body.body) {
        if (element.type === 'MethodDefinition') add(this.keys.ofClass(node), staticPropertyName(element));
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

  /** Name of the called method or function; of an imported one, the name it has in its module. */
  nameOf(callee: Node): string | undefined {
    if (callee.type === 'MemberExpression') return staticMemberName(callee);
    if (callee.type !== 'Identifier') return undefined;
    const specifier = this.scopes.variableOf(callee)?.defs[0]?.node as Node | undefined;
    return specifier?.type === 'ImportSpecifier' && specifier.imported.type === 'Identifier' ? specifier.imported.name : callee.name;
  }
}

/** The identifier that a member chain starts with: `store` in `store.pool.take`. */
function rootOf(node: Node): Node {
  let root = node;
  while (root.type === 'MemberExpression') root = unwrapChain(root.object);
  return root;
}

/** The path of the other file that an entity is of. */
function fileOf(entity: Entity | undefined): string | undefined {
  return entity?.kind === 'foreign' || entity?.kind === 'project-module' ? entity.module.path : undefined;
}

function pairAcquisition(pair: Pair, evidence: 'settings' | 'pair'): Acquisition {
  // Whoever names a pair says that what it hands out has to come back.
  const type = evidence === 'settings' ? { ...pairType(pair), pooledBy: 'pool' } : pairType(pair);
  return { path: `${pair.acquire}()`, evidence, style: 'either', type, pair };
}

/** How the release of a pair is spelt (`TypeRow.giveBack`). */
const GIVE_BACK = { connection: '$.release()', pool: '@.release($)', function: 'release($)' } as const;

/** The table row that a pair amounts to: what pools do that do not watch over their connections. */
function pairType(pair: Pair): TypeRow {
  const release = { effect: 'release', again: 'gives-away', detachable: true } as const;
  const first = pair.release[0] ?? pair.acquire;
  return {
    noun: 'connection',
    failsAtOnce: true,
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

