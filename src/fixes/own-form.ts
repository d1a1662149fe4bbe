/** The project's own form that takes a resource, hands it to a callback and releases it: a function of the file, of a module that it imports, or one that settings name. */
import type { ProgramModel } from '../analysis/program-model.ts';
import { callShape } from '../analysis/call-shape.ts';
import type { Site } from '../domain/obligation.ts';
import { isFunctionNode, type FunctionNode, type Node } from '../syntax/estree.ts';
import type { BlockedReason } from './blocked-reason.ts';
import type { FoundHandle } from './find-handle.ts';
import type { AcquisitionInput } from './fix-input.ts';
import { importName, type ImportedName } from './import-name.ts';
import { lenderTypes } from './lender-types.ts';
import { lendersOf, mayLend, receiverOf, type Lender } from './lender.ts';
import { exportedNames, exportedOrigin, isSameOrigin, originOf, type Origin } from './origin-of.ts';
import type { ScopedForm } from './scoped-form.ts';
import { specifiersOf } from './specifiers-of.ts';

/**
 * The forms, as this acquisition would be written with them, those that know the pool first: of functions that take the same from the same pool, and do nothing else. In the place
 * of one that cannot be used stands the precondition that is false.
 */
export function ownForms(input: AcquisitionInput, handle: FoundHandle): readonly (ScopedForm | BlockedReason)[] {
  const { site, model } = input;
  const source = receiverOf(site.node);
  const own = lendersOf(input);
  // A function that lends is one of those that others use: two of them would call each other.
  if (source === undefined || site.acquisition.call !== site.node || own.some(({ unit }) => unit === handle.unit)) return [];
  const offers = [...ofFile(own), ...ofOtherFiles(input, handle)].filter(({ lender }) => isSameCall(lender.site, site) && takesFrom(lender, model, source));
  return offers.sort((left, right) => Number(left.lender.takesSource) - Number(right.lender.takesSource)).map(({ lender, name }): ScopedForm | BlockedReason => {
    const types = lenderTypes(lender);
    if (types === undefined) return 'typed otherwise';
    const imported = name();
    if (typeof imported === 'string') return imported;
    const head = lender.takesSource ? `${imported.text}(${model.text.slice(...source.range)}, ` : `${imported.text}(`;
    return { callee: imported.text, head, parameter: handle.name, property: undefined, shares: [], commits: false, differs: undefined, imports: imported.edits, givesResult: types.givesResult };
  });
}

/** A function that lends, and how it is written in the file. */
interface Offer {
  readonly lender: Lender;
  readonly name: () => ImportedName | BlockedReason;
}

function ofFile(lenders: readonly Lender[]): Offer[] {
  return lenders.map((lender) => ({ lender, name: () => ({ text: lender.variable.name, edits: [] }) }));
}

/** The functions that lend of the modules that the file imports, those of the module of the pool first; and then those that settings name. */
function* ofOtherFiles({ site, model, scoped, project }: AcquisitionInput, handle: FoundHandle): Generator<Offer> {
  // While a module is loaded, another one may be so as well.
  if (handle.unit.type === 'Program') return;
  const source = receiverOf(site.node);
  const pool = source && originOf(model, source);
  const specifiers = specifiersOf(model);
  const isOfPool = ({ module }: { readonly module: ProgramModel }): boolean => pool !== undefined && exportedNames(module).some((name) => isOriginOf(module, name, pool));
  for (const { module, specifier } of [...specifiers.filter(isOfPool), ...specifiers.filter((one) => !isOfPool(one))]) {
    for (const name of exportedNames(module)) {
      const lender = lenderNamed(module, name);
      if (lender !== undefined && lender.model.path !== model.path) yield { lender, name: () => importName(model, { module, specifier, name, at: site.node, project }) };
    }
  }
  for (const { name, path } of scoped ?? []) {
    const module = path === model.path ? null : model.family.modelNamed(path);
    const lender = module && lenderNamed(module, name);
    if (module && lender) yield { lender, name: () => importName(model, { module, specifier: undefined, name, at: site.node, project }) };
  }
}

function isOriginOf(module: ProgramModel, name: string, pool: Origin): boolean {
  const origin = exportedOrigin(module, name);
  return origin !== undefined && isSameOrigin(origin, pool);
}

/** The function that a module gives under `name`, if it lends. */
function lenderNamed(module: ProgramModel, name: string): Lender | undefined {
  const origin = exportedOrigin(module, name);
  const unit = origin && functionOf(origin);
  if (origin === undefined || unit === undefined || !mayLend(origin.home, unit)) return undefined;
  const seen = origin.home.family.seenAlone(origin.home.path);
  return seen && lendersOf(seen).find(({ variable }) => variable.name === origin.variable.name);
}

function functionOf({ variable }: Origin): FunctionNode | undefined {
  const node = variable.defs[0]?.node as Node | undefined;
  const value = node?.type === 'VariableDeclarator' ? node.init : node;
  return value && isFunctionNode(value) ? value : undefined;
}

/** Whether two acquisitions call the same method of the library. */
function isSameCall(one: Site, other: Site): boolean {
  const [left, right] = [one, other].map(({ node }) => (node.type === 'CallExpression' ? callShape(node).name : undefined));
  return one.acquisition.type === other.acquisition.type && one.acquisition.call === one.node && left !== undefined && left === right;
}

/** Whether a lender takes from what it is given, or from the same constant as the code. */
function takesFrom(lender: Lender, model: ProgramModel, source: Node): boolean {
  if (lender.takesSource) return true;
  const own = originOf(model, source);
  const other = originOf(lender.model, lender.source);
  return own !== undefined && other !== undefined && isSameOrigin(own, other);
}
