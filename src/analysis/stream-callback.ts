/** `finished(stream, callback)`, `pipeline(source, target, callback)`: the callback runs once, whatever becomes of the stream. */
import type { Node } from '../syntax/estree.ts';
import { staticMemberName, staticKeyName } from '../syntax/static-name.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { CallShape } from './call-shape.ts';
import type { ProgramModel } from './program-model.ts';
import type { Run } from './run.ts';

const MODULES = new Set(['stream', 'node:stream']);
const FUNCTIONS = new Set(['finished', 'pipeline']);
/** Packages that are such a function themselves. */
const PACKAGES = new Set(['end-of-stream', 'pump', 'on-finished']);

/** The callback of such a call: its last argument. */
export function streamCallback(run: Run, shape: CallShape): Node | undefined {
  const source = shape.isNew ? undefined : importOf(run.model, shape.callee);
  if (source === undefined) return undefined;
  const isKnown = source.name === 'default' ? PACKAGES.has(source.module) : MODULES.has(source.module) && FUNCTIONS.has(source.name);
  return isKnown ? shape.arguments.at(-1) : undefined;
}

interface ImportedName {
  readonly module: string;
  /** `default`: the module itself. */
  readonly name: string;
}

/** Which export of which module `node` is. */
function importOf(model: ProgramModel, node: Node): ImportedName | undefined {
  const expression = unwrapChain(node);
  if (expression.type === 'MemberExpression') {
    const object = importOf(model, expression.object);
    const name = staticMemberName(expression);
    return object?.name === 'default' && name !== undefined ? { ...object, name } : undefined;
  }
  if (expression.type === 'CallExpression') {
    const [argument] = expression.arguments;
    const isRequire = expression.callee.type === 'Identifier' && expression.callee.name === 'require';
    return isRequire && argument?.type === 'Literal' && typeof argument.value === 'string' ? { module: argument.value, name: 'default' } : undefined;
  }
  const definition = expression.type === 'Identifier' ? model.scopes.variableOf(expression)?.defs[0] : undefined;
  if (definition === undefined) return undefined;
  const declaration = definition.parent as Node | null | undefined;
  const specifier = definition.node as Node;
  if (declaration?.type === 'ImportDeclaration') {
    const name = specifier.type !== 'ImportSpecifier' ? 'default' : specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value;
    return { module: declaration.source.value, name };
  }
  if (specifier.type !== 'VariableDeclarator' || !specifier.init) return undefined;
  const from = specifier.init.type === 'Identifier' ? undefined : importOf(model, specifier.init);
  if (specifier.id === definition.name) return from;
  const property = (definition.name as Node).parent;
  const name = property?.type === 'Property' ? staticKeyName(property.key, property.computed) : undefined;
  return from?.name === 'default' && name !== undefined ? { ...from, name } : undefined;
}
