/**
 * Shrinks a program while a property of it remains.
 *
 * Works on the syntax tree of the text, not on the generator's choices, so that it also shrinks fixtures and hand-written
 * programs. Candidates are tried largest first; every success starts over with the smaller text.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { parseProgram, type ParsedSource } from './executor/parse-source.ts';
import { isNode } from './executor/source-rewriter.ts';

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Tells whether the smaller program still shows what is being looked at. */
export type Property = (source: string) => Promise<boolean>;

/** The smallest program found within a number of attempts. */
export async function minimiseProgram(source: string, holds: Property, maxAttempts = 1500): Promise<string> {
  let best = source;
  let attempts = 0;
  const undeclared = globalsOf(source);
  for (let improved = true; improved && attempts < maxAttempts; ) {
    improved = false;
    for (const { start, end, text } of parseProgram(best).flatMap(candidates).sort(byGain)) {
      if (++attempts > maxAttempts) break;
      const smaller = best.slice(0, start) + text + best.slice(end);
      if (smaller.length >= best.length || !(await isCandidate(smaller, undeclared, holds))) continue;
      best = smaller;
      improved = true;
      break;
    }
  }
  return tidy(best);
}

async function isCandidate(source: string, undeclared: ReadonlySet<string>, holds: Property): Promise<boolean> {
  try {
    // A declaration removed from under its uses is another program, not a smaller one.
    for (const name of globalsOf(source)) if (!undeclared.has(name)) return false;
    return await holds(source);
  } catch {
    return false; // not a program any more
  }
}

/** Names that a program uses, as values or as types, and does not declare. */
function globalsOf(source: string): Set<string> {
  const names = new Set<string>();
  for (const { path, scopeManager } of parseProgram(source)) {
    for (const scope of scopeManager.scopes) {
      for (const { identifier, resolved } of scope.references) if (!resolved || resolved.defs.length === 0) names.add(`${path} ${identifier.name}`);
    }
  }
  return names;
}

const gainOf = ({ start, end, text }: Replacement): number => end - start - text.length;
const byGain = (a: Replacement, b: Replacement): number => gainOf(b) - gainOf(a);

/** Every simplification of one node of a file. */
function candidates(parsed: ParsedSource): Replacement[] {
  const found: Replacement[] = [];
  const text = (node: TSESTree.Node): string => parsed.source.slice(node.range[0], node.range[1]);
  const replace = (node: TSESTree.Node, by: string): void => void found.push({ start: node.range[0] + parsed.base, end: node.range[1] + parsed.base, text: by });
  const inside = (node: TSESTree.Node): string => {
    if (node.type !== 'BlockStatement') return text(node);
    return node.body.map(text).join('\n');
  };

  const visit = (node: TSESTree.Node): void => {
    simplify(node, { text, replace, inside });
    for (const key of parsed.visitorKeys[node.type] ?? []) {
      const value = (node as unknown as Record<string, unknown>)[key];
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child);
    }
  };
  visit(parsed.ast);
  // A file as a whole, with its line; a program of one file has none.
  if (parsed.base > 0) found.push({ start: parsed.base - `// @file ${parsed.path}\n`.length, end: parsed.base + parsed.source.length, text: '' });
  return found;
}

/** The lists that can do with one item less; where it is the only one, its statement goes as a whole. */
function listsOf(node: TSESTree.Node): readonly (readonly TSESTree.Node[])[] {
  switch (node.type) {
    case 'ImportDeclaration':
      return [node.specifiers.filter((specifier) => specifier.type === 'ImportSpecifier')];
    case 'ExportNamedDeclaration':
      return [node.specifiers];
    case 'ObjectExpression':
    case 'ObjectPattern':
      return [node.properties];
    case 'VariableDeclaration':
      return [node.declarations];
    default:
      return [];
  }
}

interface Simplifier {
  text(node: TSESTree.Node): string;
  replace(node: TSESTree.Node, by: string): void;
  /** The statements of a block, or the statement itself. */
  inside(node: TSESTree.Node): string;
}

function simplify(node: TSESTree.Node, { text, replace, inside }: Simplifier): void {
  if (isRemovable(node)) replace(node, '');
  for (const list of listsOf(node)) {
    if (list.length < 2) continue;
    for (const [index, item] of list.entries()) {
      const next = list[index + 1];
      const [start, end] = next ? [item.range[0], next.range[0]] : [list[index - 1]?.range[1] ?? item.range[0], item.range[1]];
      replace(node, text(node).slice(0, start - node.range[0]) + text(node).slice(end - node.range[0]));
    }
  }
  switch (node.type) {
    case 'IfStatement':
      replace(node, inside(node.consequent));
      if (node.alternate) {
        replace(node, inside(node.alternate));
        replace(node, `if (${text(node.test)}) ${text(node.consequent)}`);
      }
      break;
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'LabeledStatement':
      replace(node, inside(node.body));
      break;
    case 'BlockStatement':
      if (node.parent?.type === 'BlockStatement' || node.parent?.type === 'SwitchCase') replace(node, inside(node));
      break;
    case 'TryStatement':
      replace(node, inside(node.block));
      if (node.handler && node.finalizer) {
        replace(node, `try ${text(node.block)} ${text(node.handler)}`);
        replace(node, `try ${text(node.block)} finally ${text(node.finalizer)}`);
      }
      if (node.handler) replace(node, inside(node.handler.body));
      if (node.finalizer) replace(node, inside(node.finalizer));
      break;
    case 'SwitchStatement':
      for (const branch of node.cases) replace(node, branch.consequent.map(inside).join('\n'));
      break;
    case 'ExpressionStatement': {
      const called = node.expression.type === 'AwaitExpression' ? node.expression.argument : node.expression;
      if (called.type === 'CallExpression' && 'body' in called.callee && isNode(called.callee.body)) replace(node, `{ ${inside(called.callee.body)} }`);
      break;
    }
    case 'CallExpression':
      if (isReaction(node)) {
        // A stage of a chain less, or one of its two handlers.
        replace(node, text(node.callee.object));
        const [first, second] = node.arguments;
        if (first && second) replace(node, `${text(node.callee)}(${text(first)})`);
      }
      break;
    case 'ArrayExpression': {
      const elements = node.elements.filter((element) => element !== null);
      if (elements.length > 1) for (const dropped of elements) replace(node, `[${elements.filter((element) => element !== dropped).map(text).join(', ')}]`);
      break;
    }
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      // What a callback does not take, its caller gives nonetheless.
      if (node.params.length > 1 && node.parent.type !== 'CallExpression') replaceLastParameter(node, { text, replace, inside });
      break;
    case 'LogicalExpression':
      replace(node, text(node.left));
      replace(node, text(node.right));
      break;
    case 'ConditionalExpression':
      replace(node, text(node.consequent));
      replace(node, text(node.alternate));
      break;
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
      replace(node, text(node.expression));
      break;
    case 'ReturnStatement':
      if (node.argument) replace(node, 'return;');
      break;
    case 'TSTypeAnnotation':
      // Any other type may be what a value is known by.
      if (node.typeAnnotation.type === 'TSAnyKeyword' || node.typeAnnotation.type === 'TSUnknownKeyword') replace(node, '');
      break;
    case 'VariableDeclaration': {
      // What only the name is not needed of.
      const [only] = node.declarations;
      if (only?.init && node.declarations.length === 1 && node.parent.type === 'BlockStatement') replace(node, `${text(only.init)};`);
      break;
    }
    case 'VariableDeclarator':
      if (node.init && node.id.type === 'Identifier' && (node.parent as TSESTree.VariableDeclaration).kind === 'let') replace(node, text(node.id));
      break;
    default:
  }
}

/** `x.then(…)`, `x.catch(…)` or `x.finally(…)` */
function isReaction(node: TSESTree.CallExpression): node is TSESTree.CallExpression & { callee: TSESTree.MemberExpression } {
  const { callee } = node;
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier' && /^(then|catch|finally)$/.test(callee.property.name);
}

/** Drops the last of several parameters; the first often has to stay where it is. */
function replaceLastParameter(node: TSESTree.ArrowFunctionExpression | TSESTree.FunctionExpression, { text, replace }: Simplifier): void {
  const last = node.params.at(-1);
  const previous = node.params.at(-2);
  if (!last || !previous) return;
  const whole = text(node);
  const [start] = node.range;
  replace(node, whole.slice(0, previous.range[1] - start) + whole.slice(last.range[1] - start));
}

function isRemovable(node: TSESTree.Node): boolean {
  const { parent } = node;
  switch (parent?.type) {
    case 'Program':
    case 'BlockStatement':
    case 'StaticBlock':
    case 'ClassBody':
      return true;
    case 'SwitchStatement':
      return node !== parent.discriminant;
    case 'SwitchCase':
      return node !== parent.test;
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return parent.params.length === 1 && parent.params[0] === node && parent.parent.type !== 'CallExpression';
    case 'ObjectExpression':
      return parent.properties.length === 1;
    default:
      return false;
  }
}

/** Drops the blank lines that removed statements leave behind. */
function tidy(source: string): string {
  const lines: string[] = [];
  let depth = 0;
  for (const raw of source.split('\n')) {
    const line = raw.trim();
    if (line === '') continue;
    const closes = /^[}\])]/.test(line) ? 1 : 0;
    lines.push('  '.repeat(Math.max(0, depth - closes)) + line);
    depth += line.split(/[{]/).length - line.split(/[}]/).length;
  }
  return `${lines.join('\n')}\n`;
}
