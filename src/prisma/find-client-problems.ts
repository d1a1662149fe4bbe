/** What is wrong with the PrismaClients of a file, as data: seen with all the clients of its package. */
import type { ProjectPlace } from '../analysis/linked-models.ts';
import type { ProgramModel } from '../analysis/program-model.ts';
import { ImportGraph } from '../project/import-graph.ts';
import type { Project } from '../project/project.ts';
import { optionValue, valueOfConstant } from '../roots/construction-arguments.ts';
import { memoGuardsOf } from '../roots/memo-guard.ts';
import type { RootVerdict } from '../roots/judge-roots.ts';
import { isEdgeRuntime } from '../roots/is-edge-runtime.ts';
import { rootConstructionOf } from '../roots/root-construction.ts';
import type { Node } from '../syntax/estree.ts';
import { brokenSingletonOf, type BrokenSingleton } from './broken-singleton.ts';
import { clientModelsOf, isTestCode } from './client-files.ts';
import { clientsOf, ownerOf, type Client } from './client-group.ts';
import type { ClientSite } from './client-site.ts';
import { destinationOf } from './destination.ts';
import { findClientSites } from './find-client-sites.ts';
import { hotReloadOf, isEdgeCode, isEdgePackage } from './frameworks.ts';
import { globalPlaceOf, isAlwaysWritten } from './global-places.ts';
import { Processes } from './processes.ts';

export type ClientProblem =
  /** It is made anew on each run of the code around it. `others`: the clients of the same database that are made once. */
  | { readonly kind: 'per-run'; readonly site: ClientSite; readonly own: Client | undefined; readonly others: readonly Client[] }
  /** There is another one for the same database; `isOwn`: that is the project's own. */
  | { readonly kind: 'duplicate'; readonly site: ClientSite; readonly other: Client; readonly isOwn: boolean }
  | { readonly kind: 'broken'; readonly site: ClientSite; readonly broken: BrokenSingleton }
  | { readonly kind: 'hot-reload'; readonly site: ClientSite; readonly framework: string }
  /** The pool of a driver, `node`, that a client which survives hot reloads is given is made anew on each. */
  | { readonly kind: 'pool-outside'; readonly site: ClientSite; readonly node: Node; readonly framework: string };

export interface ClientsInput {
  /** The file that is analysed. */
  readonly model: ProgramModel;
  /** What is known of the roots that it makes. */
  readonly roots: readonly RootVerdict[];
  /** Its project; absent: the file stands alone. */
  readonly place: ProjectPlace | undefined;
  /** The path of the module with the project's own client, where the user names it. */
  readonly module: string | undefined;
  /** Whether a file is a test, script, migration or seed: it runs by itself. */
  readonly isOneOff: (path: string) => boolean;
}

/** The problems of the file, in source order; at most one for each site. */
export function findClientProblems(input: ClientsInput): readonly ClientProblem[] {
  const { model, place, isOneOff } = input;
  const generated = place?.project.generated;
  const sitesOf = (one: ProgramModel): readonly ClientSite[] =>
    findClientSites(one, (client, file) => generated?.urlVariableOf(client, file), one === model ? input.roots : []);
  const sites = sitesOf(model);
  if (sites.length === 0) return [];
  const view = new PackageView(input, sitesOf);
  const problems: ClientProblem[] = [];
  if (!view.isEdge) {
    for (const site of sites) {
      if (site.runs.often !== 'once') problems.push({ kind: 'per-run', site, ...view.ownOf(site) });
    }
    if (!isOneOff(model.path) && !isTestCode(model.text)) for (const client of clientsOf(sites)) problems.push(...problemOf(view, model, client));
  }
  return problems.sort((left, right) => nodeOf(left).range[0] - nodeOf(right).range[0]);
}

/** What is reported. */
export function nodeOf(problem: ClientProblem): Node {
  return problem.kind === 'pool-outside' ? problem.node : problem.site.node;
}

function problemOf(view: PackageView, model: ProgramModel, client: Client): readonly ClientProblem[] {
  const { site } = client;
  const duplicate = view.duplicateOf(client);
  if (duplicate !== undefined) return [{ kind: 'duplicate', site, ...duplicate }];
  if (site.kind === 'provider') return [];
  const broken = brokenSingletonOf(model, client, (place) => view.isGlobalElsewhere(place));
  if (broken !== undefined) return [{ kind: 'broken', site, broken }];
  const framework = view.hotReload;
  if (framework === undefined) return [];
  if (client.isGuarded) return poolOutside(model, site, framework);
  const isAnew = client.alternatives.every(({ runs }) => runs.often === 'once' && runs.isModuleLevel);
  return isAnew && view.isLoadedByFramework ? [{ kind: 'hot-reload', site, framework }] : [];
}

/** A pool that is made at the top level of the file, outside the guard, for the adapter of a client that stands behind the guard. */
function poolOutside(model: ProgramModel, site: ClientSite, framework: string): readonly ClientProblem[] {
  if (site.construction !== site.node || site.construction.type !== 'NewExpression') return [];
  const option = optionValue(model, site.construction.arguments, 'adapter');
  const adapter = option && valueOfConstant(model, option);
  if (adapter?.type !== 'NewExpression') return [];
  const [first] = adapter.arguments;
  const pool = first && valueOfConstant(model, first);
  if (pool === undefined || (pool.type !== 'NewExpression' && pool.type !== 'CallExpression') || model.file.unitOf(pool).type !== 'Program') return [];
  const isInside = pool.range[0] >= site.node.range[0] && pool.range[1] <= site.node.range[1];
  if (isInside || rootConstructionOf(model, pool) === undefined || isSingleton(model, pool)) return [];
  return [{ kind: 'pool-outside', site, node: pool, framework }];
}

function isSingleton(model: ProgramModel, pool: Node): boolean {
  return memoGuardsOf(pool).some(({ asked }) => globalPlaceOf(model, asked) !== undefined) || destinationOf(model, pool).keepers.some(({ kind }) => kind === 'global');
}

/** The package of the file that is analysed: its other files with clients, asked for when they are needed. */
class PackageView {
  private readonly input: ClientsInput;
  private readonly sitesOf: (model: ProgramModel) => readonly ClientSite[];
  private readonly directory: string | undefined;
  private readonly project: Project | undefined;
  private knownClients: readonly Client[] | undefined;
  private knownProcesses: Processes | undefined;
  private graph: ImportGraph | undefined;

  constructor(input: ClientsInput, sitesOf: (model: ProgramModel) => readonly ClientSite[]) {
    this.input = input;
    this.sitesOf = sitesOf;
    this.project = input.place?.project;
    this.directory = this.project?.tree?.packageOf(input.model.path);
  }

  /** Whether the code runs on an edge runtime. */
  get isEdge(): boolean {
    return isEdgeRuntime(this.input.model) || isEdgeCode(this.input.model.text) || isEdgePackage(this.dependencies);
  }

  /** The framework with a hot reload that the package uses. */
  get hotReload(): string | undefined {
    return hotReloadOf(this.dependencies);
  }

  /** Whether the file is no program of its own: somebody loads it whom we do not see. */
  get isLoadedByFramework(): boolean {
    return this.processes?.isLoadedUnseen(this.input.model.path) === true;
  }

  /** The clients of the database of a site that makes others, and which of them is the project's own. */
  ownOf(site: ClientSite): { own: Client | undefined; others: readonly Client[] } {
    const others = this.clients.filter((client) => isSame(client.site, site));
    return { own: ownerOf({ clients: others, importersOf: (model) => this.importersOf(model), module: this.input.module }), others };
  }

  /** Another client for the same database in the same process, if `client` is not the project's own; the own one before others. */
  duplicateOf(client: Client): { other: Client; isOwn: boolean } | undefined {
    const { site } = client;
    const others = this.clients.filter((other) => other.site.node !== site.node && isSame(other.site, site) && !isOneSingleton(other, client) && this.meets(other.site, site));
    if (others.length === 0) return undefined;
    const owner = ownerOf({ clients: [client, ...others], importersOf: (model) => this.importersOf(model), module: this.input.module });
    if (owner === client) return undefined;
    return { other: owner ?? others[0]!, isOwn: owner !== undefined };
  }

  /** Whether another file of the package speaks of a place of the global object. */
  isGlobalElsewhere(place: string): boolean {
    const { model } = this.input;
    return this.files.some((path) => {
      if (path === model.path) return false;
      const text = this.project?.textAt(path) ?? '';
      return text.includes(place) && /\bglobal(?:This)?\b/.test(text);
    });
  }

  private get dependencies(): ReadonlySet<string> {
    return this.directory === undefined ? new Set() : (this.project?.tree?.dependenciesOf(this.directory) ?? new Set());
  }

  private get files(): readonly string[] {
    return this.directory === undefined ? [] : (this.project?.tree?.sourcesOf(this.directory) ?? []);
  }

  /** All clients of the package that live for as long as a process, in the order of the files. */
  private get clients(): readonly Client[] {
    if (this.knownClients === undefined) {
      const { model, module } = this.input;
      const models = this.project === undefined || this.directory === undefined ? [model] : [...clientModelsOf(this.project, this.directory, model, (path) => this.isCounted(path))];
      const named = module === undefined || models.some(({ path }) => path === module) ? null : model.family.modelNamed(module);
      if (named !== null) models.push(named);
      this.knownClients = models.flatMap((one) => clientsOf(this.sitesOf(one)));
    }
    return this.knownClients;
  }

  private get imports(): ImportGraph | undefined {
    const { project } = this;
    if (project === undefined) return undefined;
    this.graph ??= new ImportGraph({ files: this.files, textAt: (path) => project.textAt(path), resolve: (path, specifier) => project.resolve(path, specifier) });
    return this.graph;
  }

  private get processes(): Processes | undefined {
    const { imports, project } = this;
    if (imports === undefined) return undefined;
    this.knownProcesses ??= new Processes({ graph: imports, files: this.files, textAt: (path) => project?.textAt(path), isCounted: (path) => this.isCounted(path) });
    return this.knownProcesses;
  }

  /** Whether a file is neither a test nor a script that runs by itself. */
  private isCounted(path: string): boolean {
    return !this.input.isOneOff(path) && !isTestCode(this.project?.textAt(path) ?? '');
  }

  private importersOf(model: ProgramModel): number {
    return this.imports?.importersOf(model.path).filter((path) => this.isCounted(path)).length ?? 0;
  }

  /** Whether two sites may make their clients in one process. What the user names is the one for all. */
  private meets(left: ClientSite, right: ClientSite): boolean {
    if (left.model !== right.model && withoutExtension(left.model.path) === withoutExtension(right.model.path)) return false;
    if (left.model === right.model || left.model.path === this.input.module || right.model.path === this.input.module) return true;
    const { processes } = this;
    if (processes === undefined) return false;
    const others = processes.of(right.model.path);
    return [...processes.of(left.model.path)].some((process) => others.has(process));
  }
}

/** Whether two sites make clients of one generated client for one database, both known. */
function isSame(left: ClientSite, right: ClientSite): boolean {
  return left.client === right.client && left.database !== undefined && left.database === right.database;
}

/** Whether two clients stand behind the same place of the global object, which is written in production too: the first one is there for the other. */
function isOneSingleton(left: Client, right: Client): boolean {
  const { place } = left.site;
  if (!left.isGuarded || !right.isGuarded || place?.startsWith('global ') !== true || place !== right.site.place) return false;
  return [left.site.model, right.site.model].every((model) => isAlwaysWritten(model, place.slice('global '.length)));
}

/** `client.js` and `client.cjs` are one module in two formats: a program loads one of them. */
function withoutExtension(path: string): string {
  return path.replace(/\.[^./\\]+$/, '');
}
