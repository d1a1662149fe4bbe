/** The PrismaClients of one database in one package, and which of them is the project's own. */
import type { ProgramModel } from '../analysis/program-model.ts';
import { isFunctionNode, type Node } from '../syntax/estree.ts';
import type { ClientSite } from './client-site.ts';

/** One client: a site, and the alternatives of which only one comes to be. */
export interface Client {
  /** The site that is reported, and named as the place of the client. */
  readonly site: ClientSite;
  readonly alternatives: readonly ClientSite[];
  readonly isGuarded: boolean;
  readonly isOffered: boolean;
}

/** The clients that the sites of one file make: sites that exclude each other, or are kept at one place, make one. */
export function clientsOf(sites: readonly ClientSite[]): readonly Client[] {
  const groups: ClientSite[][] = [];
  for (const site of sites) {
    if (site.runs.often !== 'once') continue;
    const group = groups.find((others) => others.some((other) => areAlternatives(other, site)));
    if (group === undefined) groups.push([site]);
    else group.push(site);
  }
  return groups.map((alternatives) => ({
    site: alternatives[0]!,
    alternatives,
    isGuarded: alternatives.some(({ isGuarded }) => isGuarded),
    isOffered: alternatives.some(({ isOffered }) => isOffered),
  }));
}

/** Whether only one of two sites of a file comes to be: they are kept at one place, are both what their function returns, or exclude each other. */
function areAlternatives(left: ClientSite, right: ClientSite): boolean {
  if (left.place !== undefined && left.place === right.place) return true;
  const unit = left.model.file.unitOf(left.node);
  if (unit.type !== 'Program' && unit.type !== 'ClassBody' && unit === right.model.file.unitOf(right.node) && left.place === undefined && right.place === undefined) return true;
  return areExclusive(left.node, right.node);
}

/** Whether two nodes stand in different branches of one `if`, `?:` or `switch`, or in a `try` block and its `catch`. */
function areExclusive(left: Node, right: Node): boolean {
  const above = new Map<Node, Node>();
  for (let child = left, parent = left.parent; parent; child = parent, parent = parent.parent) above.set(parent, child);
  for (let child = right, parent = right.parent; parent; child = parent, parent = parent.parent) {
    const other = above.get(parent);
    if (other === undefined) continue;
    if (other === child || isFunctionNode(parent)) return false;
    if (parent.type === 'IfStatement' || parent.type === 'ConditionalExpression') return parent.test !== child && parent.test !== other;
    if (parent.type === 'SwitchStatement') return parent.discriminant !== child && parent.discriminant !== other;
    return parent.type === 'TryStatement' && [child, other].every((branch) => branch === parent.block || branch === parent.handler);
  }
  return false;
}

export interface GroupInput {
  readonly clients: readonly Client[];
  /** How many files import the file of a model. */
  readonly importersOf: (model: ProgramModel) => number;
  /** The path of the module that the user names as the project's own. */
  readonly module: string | undefined;
}

/**
 * The project's own client among several of the same database: the one of the module that the user names; else of those that a module offers to others,
 * the one that most files import, rather one that survives a hot reload; undefined where no module offers one.
 */
export function ownerOf({ clients, importersOf, module }: GroupInput): Client | undefined {
  const named = module === undefined ? [] : clients.filter(({ site }) => site.model.path === module);
  const offered = named.length > 0 ? named : clients.filter(({ isOffered }) => isOffered);
  const ranked = [...offered].sort(
    (left, right) =>
      importersOf(right.site.model) - importersOf(left.site.model) ||
      Number(right.isGuarded) - Number(left.isGuarded) ||
      left.site.model.path.length - right.site.model.path.length ||
      (left.site.model.path < right.site.model.path ? -1 : left.site.model.path > right.site.model.path ? 1 : left.site.node.range[0] - right.site.node.range[0]),
  );
  return ranked[0];
}
