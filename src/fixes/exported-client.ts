/** The client of the project, as another file would import it. */
import type { ProgramModel } from '../analysis/program-model.ts';
import type { Variable } from '../bindings/scope-index.ts';
import type { Client } from '../prisma/client-group.ts';
import { keeperOf } from '../roots/find-keeper.ts';
import { rootConstructionOf } from '../roots/root-construction.ts';
import type { CallLike, Node } from '../syntax/estree.ts';
import { staticPropertyName } from '../syntax/static-name.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { BlockedReason } from './blocked-reason.ts';
import type { ExportName } from './module-imports.ts';

export interface ExportedClient {
  readonly model: ProgramModel;
  /** The variable of its module that has it, where there is one. */
  readonly variable: Variable | undefined;
  /** Absent where no export gives it: then only its own file can name it. */
  readonly exported: ExportName | undefined;
  /** The construction, which may stand in a function of its module. */
  readonly construction: CallLike;
}

/** Where the client is to be had; else the precondition that is false. */
export function exportedClientOf({ site, alternatives }: Client): ExportedClient | BlockedReason {
  const { model, construction } = site;
  if (site.kind === 'provider') return 'made by the container';
  if (site.runs.often !== 'once') return 'no client to import';
  if (construction.type !== 'NewExpression') return 'made by a function';
  const home = model.family.modelAt(construction);
  // A function that makes it may make more of it: `new PrismaClient().$extends(…)`.
  if (site.node !== construction && (home !== model || keeperOf(home, construction).kind !== 'returned')) return 'extended';
  const keepers = alternatives.map(({ node }) => keeperOf(model, node));
  if (keepers.some(({ kind }) => kind === 'used')) return 'extended';
  const [keeper] = keepers;
  if (keeper?.kind === 'variable') {
    const { variable } = keeper;
    const isSame = keepers.every((other) => (other.kind === 'variable' && other.variable === variable) || other.kind === 'global');
    return keeper.isModuleLevel && isSame ? { model, variable, exported: exportOf(model, variable), construction } : 'no client to import';
  }
  const whole = model.bindings.exports.named.get('default');
  const isDefault = keeper?.kind === 'export' && whole !== undefined && 'node' in whole && contains(whole.node, site.node);
  return isDefault ? { model, variable: undefined, exported: { kind: 'default' }, construction } : 'no client to import';
}

/** Under which name the module exports a variable: rather one of its own than the default. */
function exportOf(model: ProgramModel, variable: Variable): ExportName | undefined {
  const { named, whole, isCommonJs } = model.bindings.exports;
  const isIt = (node: Node): boolean => {
    const value = unwrapExpression(node);
    return value.type === 'Identifier' && model.scopes.variableOf(value) === variable;
  };
  const names = [...named].flatMap(([name, row]) => ('node' in row && isIt(row.node) ? [name] : []));
  const name = names.find((one) => one !== 'default' && /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(one));
  if (name !== undefined) return { kind: 'named', name };
  if (names.includes('default')) return isCommonJs ? undefined : { kind: 'default' };
  if (whole === undefined || !isCommonJs) return undefined;
  if (isIt(whole)) return { kind: 'whole' };
  const object = unwrapExpression(whole);
  if (object.type !== 'ObjectExpression') return undefined;
  for (const property of object.properties) {
    const key = property.type === 'Property' && property.kind === 'init' ? staticPropertyName(property) : undefined;
    if (key !== undefined && property.type === 'Property' && isIt(property.value)) return { kind: 'named', name: key };
  }
  return undefined;
}

/** Whether loading the module does no more than to make the client. */
export function isPlainModule({ model, construction }: ExportedClient, made: Node): boolean {
  return (model.file.calls.get(model.file.program) ?? []).every((call) => {
    if (call === made || call === construction || contains(made, call)) return true;
    if (call.type === 'NewExpression') return rootConstructionOf(model, call) !== undefined || /^Prisma/.test(model.text.slice(...call.callee.range));
    if (call.type !== 'CallExpression') return false;
    return /^(?:require|Symbol\.for)$/.test(model.text.slice(...call.callee.range));
  });
}

function contains(outer: Node, inner: Node): boolean {
  return outer.range[0] <= inner.range[0] && inner.range[1] <= outer.range[1];
}
