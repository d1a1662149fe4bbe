/** A function that lends is added beside the pool, and what is done with the resource becomes its callback: `await withClient(pool, async (client) => { … })`. */
import type { ProgramModel } from '../analysis/program-model.ts';
import type { Node, Statement } from '../syntax/estree.ts';
import type { BlockedReason } from './blocked-reason.ts';
import type { Edit, FixAnswer } from './edit-plan.ts';
import { findHandle } from './find-handle.ts';
import type { AcquisitionInput } from './fix-input.ts';
import { importTypes } from './import-types.ts';
import { lendableOf, lenderName, lentName, type Lendable } from './lendable.ts';
import { receiverOf } from './lender.ts';
import { lenderText } from './lender-text.ts';
import { namesIn } from './names-in.ts';
import { isSameOrigin, originOf, type Origin } from './origin-of.ts';
import { ownForms } from './own-form.ts';
import { planWith } from './plan-scoped-callback.ts';
import { SourceLayout } from './source-layout.ts';

const FORM = 'new scoped callback';

/**
 * The suggestion; undefined where the pool is not made in this file, somebody lends its connections already, what is done with the resource is no callback, or nobody else would use the function: one other place in the file takes a
 * connection of the pool, or other files can.
 */
export function planNewCallback(input: AcquisitionInput): FixAnswer | undefined {
  const { site, model } = input;
  const handle = findHandle(input);
  const pool = poolOf(input);
  const language = languageOf(model);
  if (pool === undefined || language === undefined || typeof handle === 'string' || ownForms(input, handle).length > 0 || !(pool.isExported || isTakenElsewhere(input, pool.origin))) return undefined;
  const added = addedFunction(model, pool, language);
  const { name, edits } = typeof added === 'string' ? { name: '', edits: [] } : added;
  const head = `${name}(${model.text.slice(...receiverOf(site.node)!.range)}, `;
  const plan = planWith(input, false, () => ({ callee: name, head, parameter: handle.name, property: undefined, shares: [], commits: false, differs: undefined, imports: edits, givesResult: true }));
  // What is done with the resource is no callback, and other forms say why.
  if (typeof plan === 'string') return undefined;
  if (typeof added === 'string') return { kind: 'blocked', form: FORM, reason: added };
  return { ...plan, form: FORM, safety: 'suggestion', title: `Add a function \`${name}\` that lends a ${pool.lendable.noun} and takes it back, and use it here.` };
}

interface PoolOfFile {
  readonly origin: Origin;
  readonly lendable: Lendable;
  /** Where it is made. */
  readonly statement: Statement;
  readonly isExported: boolean;
}

/** The pool that the resource is taken from, where it is made at the top level of the file. */
function poolOf({ site, model }: AcquisitionInput): PoolOfFile | undefined {
  const source = receiverOf(site.node);
  if (source?.type !== 'Identifier' || site.acquisition.call !== site.node) return undefined;
  const origin = originOf(model, source);
  const declarator = origin?.variable.defs[0]?.node as Node | undefined;
  if (origin?.home !== model || declarator?.type !== 'VariableDeclarator' || !declarator.init) return undefined;
  const made = model.bindings.entityOf(declarator.init);
  const lendable = made?.kind === 'instance' ? lendableOf(made.driver, made.type) : undefined;
  const declaration: Node = declarator.parent;
  const isExported = declaration.parent.type === 'ExportNamedDeclaration';
  const statement = isExported ? declaration.parent : declaration;
  const callee = site.node.type === 'CallExpression' ? site.node.callee : undefined;
  const isItsCall = callee?.type === 'MemberExpression' && callee.property.type === 'Identifier' && callee.property.name === lendable?.acquire;
  return lendable !== undefined && isItsCall && statement.parent?.type === 'Program' ? { origin, lendable, statement: statement as Statement, isExported } : undefined;
}

/** Whether another call of the file takes a resource of the same pool. */
function isTakenElsewhere({ site, model, outcomes }: AcquisitionInput, pool: Origin): boolean {
  return outcomes.some((outcome) => {
    const source = outcome.node === site.node ? undefined : receiverOf(outcome.node);
    const origin = source && originOf(model, source);
    return origin !== undefined && isSameOrigin(origin, pool);
  });
}

/** What the file is written in; undefined for a file that holds a program in another language (`.vue`). */
function languageOf({ path }: ProgramModel): 'js' | 'ts' | undefined {
  return /\.[cm]?([jt]s)x?$/.exec(path)?.[1] as 'js' | 'ts' | undefined;
}

interface AddedFunction {
  readonly name: string;
  readonly edits: readonly Edit[];
}

/** The function behind the statement that makes the pool, with the types that it names. */
function addedFunction(model: ProgramModel, pool: PoolOfFile, language: 'js' | 'ts'): AddedFunction | BlockedReason {
  const { lendable, statement, isExported } = pool;
  const layout = new SourceLayout(model.text);
  const [start, end] = statement.range;
  if (!layout.isFirstInLine(start) || !layout.isLastInLine(end)) return 'not in a line of its own';
  const taken = namesIn([model.file.program]);
  const wanted = lenderName(lendable.noun);
  const name = [wanted, wanted.replace('with', 'withPool')].find((one) => !taken.has(one));
  if (name === undefined) return 'name taken';
  const types = language === 'ts' ? typesOf(model, pool) : undefined;
  if (typeof types === 'string') return types;
  const handle = lentName(lendable.noun);
  const step = layout.indentStep(start, undefined);
  const text = lenderText(
    { name, handle, acquire: lendable.acquire, release: lendable.release.replace('$', handle), types: types && { pool: types.names[0]!, connection: types.names[1]! }, isExported },
    { eol: layout.eol, step, semicolon: model.text[end - 1] === ';' ? ';' : '' },
  );
  const at = layout.lineEnd(end);
  const isLast = /^\s*$/.test(layout.text.slice(at).split('\n')[1] ?? '');
  return { name, edits: [...(types?.edits ?? []), { range: [at, at], text: `${layout.eol}${layout.eol}${text}${isLast ? '' : layout.eol}` }] };
}

/** The types of the pool and of what it lends; where the name of the first stands for something else, that of the pool itself will do. */
function typesOf(model: ProgramModel, { lendable: { driver, types }, origin }: PoolOfFile): ReturnType<typeof importTypes> {
  if (types === undefined) return 'no name of the type';
  const both = importTypes(model, driver, [types.pool, types.connection]);
  if (both !== 'name taken') return both;
  const one = importTypes(model, driver, [types.connection]);
  return typeof one === 'string' ? one : { ...one, names: [`typeof ${origin.variable.name}`, ...one.names] };
}
