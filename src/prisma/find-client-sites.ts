/** Where in a file PrismaClients come to be, how often, and where they are kept. */
import { callShape } from '../analysis/call-shape.ts';
import type { ProgramModel } from '../analysis/program-model.ts';
import type { RootVerdict } from '../roots/judge-roots.ts';
import { isMemoised, memoGuardsOf } from '../roots/memo-guard.ts';
import { rootConstructionOf } from '../roots/root-construction.ts';
import { runFrequencyOf } from '../roots/run-frequency.ts';
import { isClassNode, isFunctionNode, type CallLike, type ClassNode, type FunctionNode, type Node, type UnitNode } from '../syntax/estree.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { ClientSite, SiteRuns } from './client-site.ts';
import { databaseOf, superArguments } from './database-of.ts';
import { destinationOf, type Destination } from './destination.ts';
import { globalPlaceOf } from './global-places.ts';
import { findProviders, type Provider } from './find-providers.ts';

/** Gives the environment variable that the schema of a client names, for a file that uses the client. */
export type UrlVariableOf = (client: string, file: string) => string | undefined;

/** An expression that makes a new client each time it is evaluated, and the construction that does it. */
interface Making {
  readonly construction: CallLike;
  readonly home: ProgramModel;
  readonly client: string;
}

/** A chain of factories is not followed further than this. */
const DEEPEST = 4;

/** The sites of the file of `model`, in source order. `verdicts`: what is known of the roots that it makes, for the file that is analysed. */
export function findClientSites(model: ProgramModel, urlVariableOf: UrlVariableOf, verdicts: readonly RootVerdict[]): readonly ClientSite[] {
  const sites: ClientSite[] = [];
  for (const calls of model.file.calls.values()) {
    for (const call of calls) {
      const making = makingOf(model, call, DEEPEST);
      const site = making && siteOf(model, call, making, urlVariableOf, verdicts.find(({ outcome }) => outcome.node === call));
      if (site !== undefined) sites.push(site);
    }
  }
  for (const provider of findProviders(model)) {
    const site = providedSite(model, provider, urlVariableOf);
    if (site !== undefined) sites.push(site);
  }
  return sites.sort((left, right) => left.node.range[0] - right.node.range[0]);
}

/** What `call` makes: itself, or by calling a function of the project that constructs a client and returns it. */
function makingOf(model: ProgramModel, call: CallLike, depth: number): Making | undefined {
  const construction = rootConstructionOf(model, call);
  if (construction !== undefined) {
    return construction.driver.library === 'prisma' ? { construction: call, home: model, client: construction.driver.modules[0]! } : undefined;
  }
  if (call.type !== 'CallExpression' || depth === 0) return undefined;
  const callee = model.bindings.calleeOf(call);
  if (callee !== undefined) return madeIn(model, callee, depth);
  const foreign = model.bindings.foreignCalleeOf(call);
  return foreign && madeIn(model.modelOf(foreign.node), foreign.node, depth);
}

/** The client that each call of `unit` makes and returns. */
function madeIn(home: ProgramModel, unit: FunctionNode, depth: number): Making | undefined {
  if (!namesPrisma(home)) return undefined;
  for (const call of home.file.calls.get(unit) ?? []) {
    const making = makingOf(home, call, depth - 1);
    if (making !== undefined && !isMemoised(home, call) && destinationOf(home, call).isReturned) return making;
  }
  return undefined;
}

const naming = new WeakMap<ProgramModel, boolean>();

/** Whether the text of the file names Prisma at all: asked of every call, so it is looked for once. */
function namesPrisma(home: ProgramModel): boolean {
  let names = naming.get(home);
  if (names === undefined) {
    names = /prisma/i.test(home.text);
    naming.set(home, names);
  }
  return names;
}

function siteOf(model: ProgramModel, node: CallLike, { construction, home, client }: Making, urlVariableOf: UrlVariableOf, verdict: RootVerdict | undefined): ClientSite | undefined {
  const destination = destinationOf(model, node);
  const runs = verdict !== undefined && verdict.silence === undefined ? ({ often: 'many', verdict } as const) : runsOf(model, node, destination);
  if (runs === undefined) return undefined;
  const place = placeOf(model, node, destination);
  return {
    node,
    construction,
    model,
    kind: 'construction',
    client,
    runs,
    database: databaseOfConstruction(home, construction, urlVariableOf(client, home.path)),
    place: place.name,
    isGuarded: place.isGuarded,
    isOffered: runs.often === 'once' && isOffered(model, node, destination),
  };
}

/** How often a client comes to be that is kept; undefined where we cannot say, or where those who call the function around it are judged instead. */
function runsOf(model: ProgramModel, node: Node, { isKept, isReturned }: Destination): SiteRuns | undefined {
  const unit = model.file.unitOf(node);
  if (unit.type === 'Program') return { often: 'once', isModuleLevel: true };
  if (isMemoised(model, node)) return { often: 'once', isModuleLevel: false };
  const frequency = runFrequencyOf(model, node);
  if (unit.type === 'ClassBody' || isConstructor(unit)) {
    const shownBy = isKept && frequency.often === 'many' ? lostObjectOf(model, unit) : undefined;
    return shownBy === undefined ? { often: 'once', isModuleLevel: false } : { often: 'each object', shownBy };
  }
  if (isReturned && !isRunInPlace(unit)) return undefined;
  // Kept beyond the run: a function that connects, in whatever way it is called.
  const isOnce = frequency.often === 'once' || (isKept && frequency.often === 'many' && frequency.why !== 'loop' && frequency.why !== 'registered');
  return isOnce ? { often: 'once', isModuleLevel: false } : undefined;
}

/** A construction of the class that `unit` initialises which runs many times, and whose object nobody keeps. */
function lostObjectOf(model: ProgramModel, unit: UnitNode): Node | undefined {
  const owner = unit.type === 'ClassBody' ? unit.parent : unit.parent?.parent?.parent;
  return [...model.file.calls.values()].flat().find((call) => {
    const made = call.type === 'NewExpression' ? model.bindings.entityOf(call.callee) : undefined;
    if (made?.kind !== 'local-class' || made.node !== owner || isMemoised(model, call)) return false;
    const { isKept, isReturned } = destinationOf(model, call);
    return !isKept && !isReturned && runFrequencyOf(model, call).often === 'many';
  });
}

function isConstructor(unit: Node): boolean {
  const parent = unit.parent;
  return parent?.type === 'MethodDefinition' && parent.kind === 'constructor';
}

/** A function that is called where it stands hands its value on to the code around it. */
function isRunInPlace(unit: Node): boolean {
  const parent = unit.parent;
  return parent?.type === 'CallExpression' && parent.callee === unit;
}

/** The place that the client is kept at, and whether it comes to be only where that is found empty. */
function placeOf(model: ProgramModel, node: Node, { keepers }: Destination): { name: string | undefined; isGuarded: boolean } {
  const guards = memoGuardsOf(node);
  const asked = guards.map((guard) => globalPlaceBehind(model, guard.asked)).find((place) => place !== undefined);
  const isGuarded = asked !== undefined || guards.some((guard) => isUnknownQuestion(model, guard.asked));
  for (const keeper of keepers) {
    if (keeper.kind === 'global') return { name: `global ${globalPlaceOf(model, keeper.target) ?? ''}`, isGuarded };
  }
  if (asked !== undefined) return { name: `global ${asked}`, isGuarded };
  for (const keeper of keepers) {
    if (keeper.kind === 'variable') return { name: `variable ${String(keeper.variable.defs[0]?.name.range[0] ?? '')}`, isGuarded };
    if (keeper.kind === 'member') return { name: `member ${model.text.slice(...keeper.target.range)}`, isGuarded };
  }
  return { name: undefined, isGuarded };
}

/** The place of the global object that a question asks: directly, or by a variable that was given it. */
function globalPlaceBehind(model: ProgramModel, asked: Node): string | undefined {
  let expression = unwrapChain(asked);
  for (let count = 0; count < 5; count++) {
    const place = globalPlaceOf(model, expression);
    if (place !== undefined) return place;
    if (expression.type === 'MemberExpression') {
      expression = unwrapChain(expression.object);
    } else {
      const declarator = expression.type === 'Identifier' ? (model.scopes.variableOf(expression)?.defs[0]?.node as Node | undefined) : undefined;
      if (declarator?.type !== 'VariableDeclarator' || !declarator.init) return undefined;
      expression = unwrapChain(declarator.init);
    }
  }
  return undefined;
}

/** A question that is asked of something that we do not know: it may well be a store that survives. */
function isUnknownQuestion(model: ProgramModel, asked: Node): boolean {
  const expression = unwrapChain(asked);
  return expression.type === 'CallExpression' && model.bindings.calleeOf(expression) === undefined;
}

/** Whether the module exports the client, an object that has it, or what gives it. */
function isOffered(model: ProgramModel, node: Node, { isReturned, keepers }: Destination): boolean {
  const unit = model.file.unitOf(node);
  if (isReturned && unit.type === 'Program') return true;
  const names = new Set<string>();
  for (const keeper of keepers) {
    if (keeper.kind === 'variable' && keeper.isModuleLevel) names.add(keeper.variable.name);
  }
  for (let parent: Node | undefined = node; parent; parent = parent.parent) {
    if (parent.type === 'ExportNamedDeclaration' || parent.type === 'ExportDefaultDeclaration') return true;
    if (isClassNode(parent) && parent.id) names.add(parent.id.name);
    if (isFunctionNode(parent) && parent.type === 'FunctionDeclaration' && parent.id) names.add(parent.id.name);
    if (parent.type === 'VariableDeclarator' && parent.id.type === 'Identifier') names.add(parent.id.name);
    if (parent.type === 'AssignmentExpression' && /^(?:module\s*\.\s*)?exports\b/.test(model.text.slice(...parent.left.range))) return true;
  }
  const exported = [...model.bindings.exports.named.values()].flatMap((row) => ('node' in row ? [row.node] : []));
  if (model.bindings.exports.whole !== undefined) exported.push(model.bindings.exports.whole);
  return exported.some((value) => namesIn(value).some((name) => names.has(name)));
}

/** The names that an exported value is made of: `prisma`, `{ prisma, other: db }`. */
function namesIn(node: Node): readonly string[] {
  const value = unwrapChain(node);
  if (value.type === 'Identifier') return [value.name];
  if ((value.type === 'FunctionDeclaration' || value.type === 'ClassDeclaration') && value.id) return [value.id.name];
  if (value.type === 'CallExpression' || value.type === 'NewExpression') return value.arguments.flatMap(namesIn);
  if (value.type !== 'ObjectExpression') return [];
  return value.properties.flatMap((property) => (property.type === 'Property' ? namesIn(property.value) : []));
}

/** What the client connects to that `call` of the file of `home` constructs, directly or by a class that extends PrismaClient. */
function databaseOfConstruction(home: ProgramModel, call: CallLike, urlVariable: string | undefined): string | undefined {
  const { callee, arguments: given } = callShape(call);
  const owner = classOf(home, callee);
  if (owner === undefined) return databaseOf(home, given, urlVariable);
  return databaseOfClass(owner, urlVariable) ?? (given.length === 0 ? keyOfClass(owner) : undefined);
}

/** A class of the project, and the model of the file that it stands in. */
interface OwnClass {
  readonly node: ClassNode;
  readonly home: ProgramModel;
}

function classOf(model: ProgramModel, node: Node): OwnClass | undefined {
  const entity = model.bindings.entityOf(node);
  const owner = entity?.kind === 'foreign' ? entity.entity : entity;
  return owner?.kind === 'local-class' ? { node: owner.node, home: model.family.modelAt(owner.node) } : undefined;
}

function databaseOfClass({ node, home }: OwnClass, urlVariable: string | undefined): string | undefined {
  const constructor = node.body.body.find((element) => element.type === 'MethodDefinition' && element.kind === 'constructor');
  return databaseOf(home, (constructor && superArguments(constructor)) ?? [], urlVariable);
}

/** Where nothing is known of its database: each object of a class that is given nothing has the same one. */
function keyOfClass({ node, home }: OwnClass): string {
  return `class ${home.path} ${String(node.range[0])}`;
}

/** What a NestJS module makes of a class that extends PrismaClient. */
function providedSite(model: ProgramModel, { node, isExported }: Provider, urlVariableOf: UrlVariableOf): ClientSite | undefined {
  const entity = model.bindings.entityOf(node);
  const made = entity && model.bindings.instanceOf(entity, 'value');
  const instance = made && model.bindings.driverInstanceOf(made, '');
  const owner = classOf(model, node);
  if (instance?.driver.library !== 'prisma' || owner === undefined) return undefined;
  const client = instance.driver.modules[0]!;
  return {
    node,
    construction: node,
    model,
    kind: 'provider',
    client,
    runs: { often: 'once', isModuleLevel: false },
    database: databaseOfClass(owner, urlVariableOf(client, owner.home.path)) ?? keyOfClass(owner),
    place: undefined,
    isGuarded: false,
    isOffered: isExported,
  };
}
