/** A promise of a connection that is kept first and awaited further down: what fails in between loses the connection. */
import type { Node, Statement } from '../syntax/estree.ts';
import { isConstant } from '../bindings/scope-index.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { Edit } from './edit-plan.ts';
import { findHandle, listOf, type FoundHandle } from './find-handle.ts';
import type { FixInput } from './fix-input.ts';
import { isPure } from './handle-uses.ts';
import { removeParagraph } from './remove-statement.ts';
import { SourceLayout } from './source-layout.ts';

export interface AwaitedLater {
  /** The variable of the connection. */
  readonly handle: FoundHandle;
  /** The edits that take the connection where it is awaited. */
  readonly moves: readonly Edit[];
}

/** `const pending = pool.connect(); … const client = await pending;`, where nothing else has the promise, and both stand in one list of statements, with nothing in between that is waited for. */
export function findAwaitedLater({ site, model }: FixInput): AwaitedLater | 'taken ahead' | undefined {
  const declarator = site.node.parent;
  const declaration = declarator?.parent;
  if (site.node.type !== 'CallExpression' || declarator?.type !== 'VariableDeclarator' || declarator.init === null || unwrapExpression(declarator.init) !== site.node) return undefined;
  if (declaration?.type !== 'VariableDeclaration' || declaration.declarations.length !== 1 || declarator.id.type !== 'Identifier' || declarator.id.typeAnnotation !== undefined) return undefined;
  const { callee, arguments: given } = site.node;
  if (!isPure(callee) || !given.every((argument) => isPure(argument))) return undefined;
  const variable = model.scopes.variableOf(declarator.id);
  const [reference, ...more] = variable?.references.filter(({ init }) => init !== true) ?? [];
  const awaited = reference?.identifier as Node | undefined;
  if (variable === undefined || !isConstant(variable) || awaited === undefined || more.length > 0 || awaited.parent?.type !== 'AwaitExpression') return undefined;
  const handle = findHandle({ site: { ...site, node: awaited }, model });
  if (typeof handle === 'string' || !isInList(handle, declaration)) return undefined;
  const isBetween = ({ range }: Node): boolean => range[0] > declaration.range[1] && range[1] < handle.statement.range[0];
  // Whoever waits for something else meanwhile wants both at the same time.
  if (model.graphOf(handle.unit).instructions.some(({ op, node }) => (op === 'await' || op === 'yield' || op === 'iterate') && isBetween(node))) return 'taken ahead';
  const layout = new SourceLayout(model.text);
  return { handle, moves: [...removeParagraph(layout, declaration), { range: awaited.range, text: model.text.slice(...site.node.range) }] };
}

function isInList({ list }: FoundHandle, statement: Statement): boolean {
  return listOf(statement)?.statements === list;
}
