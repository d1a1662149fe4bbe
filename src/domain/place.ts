/**
 * Where a value can be found: a root (a variable, the result of an expression, `this`, the returned value) and a property path below it.
 * Roots are compared by identity; `PlaceTable` gives each place that holds something of interest one object and one number.
 */
import type { FunctionNode, UnitNode } from '../syntax/estree.ts';
import { FACT_PATHS } from './fact-paths.ts';
import { factOf, type Facts } from './facts.ts';
import { ALL, type ValueMask } from './value-mask.ts';

/** A variable of the scope analysis, an expression node, or one of the roots below. Compared by identity only. */
export type Root = object;

/**
 * What a place holds of the resource. `promise`: a promise of it. `releaser`: its detached release method. `bound`: the same, bound to it.
 * `closure`: a function of the file that captures a place where the resource can be found.
 */
export type Role = 'handle' | 'promise' | 'releaser' | 'bound' | 'closure';

/** The resource at `path` below a value. */
export interface Held {
  readonly path: string;
  readonly role: Role;
  /** The function, for the role `closure`. */
  readonly closure: FunctionNode | undefined;
}

/** A place that must hold the resource (must-alias), on every execution that the state describes. */
export interface Alias {
  readonly id: number;
  readonly root: Root;
  readonly path: string;
  readonly role: Role;
  /** The function, for the role `closure`. */
  readonly closure: FunctionNode | undefined;
  /** What the value at this very place holds: asked for at every turn. */
  readonly holds: readonly [Held];
}

/** Something that is known to be true of a place, or of a pure condition: the key of a fact. */
export interface FactKey {
  readonly id: number;
  /** Assigning to one of these makes the fact void. */
  readonly roots: readonly Root[];
  readonly path: string;
  readonly text: string;
  /** Whether it is about the result of an expression, or about nothing that can change. */
  readonly isPassing: boolean;
}

/** The names of the roots that are no variables and no expressions. */
export interface SpecialRoot {
  readonly name: string;
  readonly unit: UnitNode;
  /** The number of the `finally` region, for the root of its key. */
  readonly region?: number;
}

/** Facts about an expression that outlive its statement: an acquisition that is out, a loop that took its one step, or a first one. */
const LASTING_PATHS = new Set<string>([FACT_PATHS.out, FACT_PATHS.use, FACT_PATHS.stepped, FACT_PATHS.ahead]);

/** What is kept of one root: most have one key and one alias, so lists are searched from the front. */
class RootEntry {
  readonly root: Root;
  /** The key of the place at the root itself. */
  key: FactKey | undefined = undefined;
  /** The keys of places below. */
  keys: Map<string, FactKey> | undefined = undefined;
  aliases: Alias[] | undefined = undefined;

  constructor(root: Root) {
    this.root = root;
  }
}

/** The aliases and fact keys of one file: the same place gives the same object. */
export class PlaceTable {
  private readonly entries = new Map<Root, RootEntry>();
  private readonly conditionKeys = new Map<string, FactKey>();
  private readonly keys: FactKey[] = [];
  private readonly selves = new Map<UnitNode, SpecialRoot>();
  private readonly results = new Map<UnitNode, SpecialRoot>();
  private readonly promises = new Map<UnitNode, SpecialRoot>();
  private readonly stopped = new Map<UnitNode, FactKey>();
  private readonly regions = new Map<UnitNode, Map<number, FactKey>>();
  private readonly regionKeys = new Set<number>();
  private aliasCount = 0;

  private entry(root: Root): RootEntry {
    let entry = this.entries.get(root);
    if (entry === undefined) {
      entry = new RootEntry(root);
      this.entries.set(root, entry);
    }
    return entry;
  }

  /** The one alias object for this place and role. */
  alias(root: Root, path: string, role: Role, closure?: FunctionNode): Alias {
    const aliases = (this.entry(root).aliases ??= []);
    for (const known of aliases) if (known.path === path && known.role === role && known.closure === closure) return known;
    const alias: Alias = { id: this.aliasCount++, root, path, role, closure, holds: [{ path: '', role, closure }] };
    aliases.push(alias);
    return alias;
  }

  /** The key of facts about the value at a place. */
  placeKey(root: Root, path: string): FactKey {
    const entry = this.entry(root);
    if (path === '') return (entry.key ??= this.newKey([root], '', ''));
    entry.keys ??= new Map();
    return getOrAdd(entry.keys, path, () => this.newKey([root], path, ''));
  }

  /** What `facts` say of the value at a place. */
  factAt(facts: Facts, root: Root, path: string): ValueMask {
    const key = facts.length === 0 ? undefined : this.findKey(root, path);
    return key === undefined ? ALL : factOf(facts, key.id);
  }

  /** The key of facts about the value at a place, when there is one: otherwise nothing was asked or found out about it so far. */
  findKey(root: Root, path: string): FactKey | undefined {
    const entry = this.entries.get(root);
    return path === '' ? entry?.key : entry?.keys?.get(path);
  }

  /** Whether there is a key about the root or a place below it: otherwise there is no fact either. */
  hasKeys(root: Root): boolean {
    const entry = this.entries.get(root);
    return entry !== undefined && (entry.key !== undefined || entry.keys !== undefined);
  }

  /** The key of facts about a pure condition; `text` is its source, `roots` what it reads. */
  conditionKey(text: string, roots: readonly Root[]): FactKey {
    const id = `${text} ${roots.map((root) => this.placeKey(root, '').id).join(' ')}`;
    return getOrAdd(this.conditionKeys, id, () => this.newKey(roots, '', text));
  }

  /** The key that says of `root` what `key` says of the one root it reads. */
  rerooted(key: FactKey, root: Root): FactKey {
    return key.text === '' ? this.placeKey(root, key.path) : this.conditionKey(key.text, key.roots.map(() => root));
  }

  /** The key with number `id`. */
  key(id: number): FactKey {
    return this.keys[id]!;
  }

  /** `this` inside `unit` (of an arrow function: of the function around it; the caller sees to that). */
  self(unit: UnitNode): SpecialRoot {
    return getOrAdd(this.selves, unit, () => ({ name: 'this', unit }));
  }

  /** What `unit` returns. */
  result(unit: UnitNode): SpecialRoot {
    return getOrAdd(this.results, unit, () => ({ name: 'result', unit }));
  }

  /** The promise that `executor` settles: `new Promise(executor)`. */
  promised(executor: UnitNode): SpecialRoot {
    return getOrAdd(this.promises, executor, () => ({ name: 'promise', unit: executor }));
  }

  /** The key that notes with which completion control entered the `finally` region `region` of `unit`. */
  regionKey(unit: UnitNode, region: number): FactKey {
    const keys = getOrAdd(this.regions, unit, () => new Map<number, FactKey>());
    return getOrAdd(keys, region, () => {
      const key = this.newKey([{ name: `finally ${String(region)}`, unit, region } satisfies SpecialRoot], '', '');
      this.regionKeys.add(key.id);
      return key;
    });
  }

  /** Whether the key notes completions of a `finally` region, not classes of values. */
  isRegionKey(id: number): boolean {
    return this.regionKeys.has(id);
  }

  /** The key that notes that the consumer stopped the generator `unit`: what it returns from then on nobody receives. */
  stoppedKey(unit: UnitNode): FactKey {
    return getOrAdd(this.stopped, unit, () => this.newKey([{ name: 'stopped', unit }], '', ''));
  }

  private newKey(roots: readonly Root[], path: string, text: string): FactKey {
    const [root] = roots;
    const key = { id: this.keys.length, roots, path, text, isPassing: root === undefined || (isExpressionRoot(root) && !LASTING_PATHS.has(path)) };
    this.keys.push(key);
    return key;
  }
}

/** Whether the fact is one that every function sees. */
export function isSeenEverywhere({ path }: FactKey): boolean {
  return path === FACT_PATHS.out || path === FACT_PATHS.use;
}

/** Whether `path` is `prefix` or lies below it. */
export function isAtOrBelow(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && (path.length === prefix.length || path.charCodeAt(prefix.length) === 46);
}

/** Whether the root is the promise that an executor settles. */
export function isPromiseRoot(root: Root): boolean {
  return 'unit' in root && (root as SpecialRoot).name === 'promise';
}

/** Whether the root is the result of an expression: it lives until its statement is done. */
export function isExpressionRoot(root: Root): boolean {
  return 'type' in root;
}

/** Developer text for a root. */
export function printRoot(root: Root): string {
  const named = root as { name?: unknown; type?: unknown; range?: readonly number[] };
  if (typeof named.name === 'string') return named.name;
  return `${String(named.type)}@${String(named.range?.[0])}`;
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
