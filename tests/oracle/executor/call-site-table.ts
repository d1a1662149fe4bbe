/**
 * The places of a source text that an execution can stop at: calls, `yield`s, `using` declarations.
 *
 * A site is keyed twice: by its offset, which verdicts are compared by, and by a label made of the callee, the first
 * literal argument and an ordinal (`work(3)`, `query(q7)`, `connect@2`), which survives an edit elsewhere in the file.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { ProgramFile } from '../program-files.ts';

export type SiteKind = 'call' | 'using' | 'yield';

export interface CallSite {
  readonly id: number;
  readonly kind: SiteKind;
  /** Offset in the text of the program. */
  readonly start: number;
  readonly end: number;
  readonly label: string;
  /** The callee is itself a function expression: the call and what it acquires inside are one place for a reader. */
  readonly immediate: boolean;
  /** Offsets of the functions passed by name (`.then(open)`): what they do may as well be reported there. */
  readonly references: readonly number[];
  /** The callee is a parameter of a function around: somebody else's function is called. */
  readonly callsParameter: boolean;
  /** Its value, or the chain it stands in, is not awaited, returned or passed on where it stands, or a `finally` block comes before the return. */
  readonly isFloating: boolean;
  /** `then`, `catch`, `finally`: the functions it is given run later. */
  readonly isReaction: boolean;
}

/** Collects the sites of one program, file by file, in source order of their registration. */
export class CallSiteTable {
  readonly sites: CallSite[] = [];
  private readonly labelCounts = new Map<string, number>();
  private file: ProgramFile = { path: '', source: '', base: 0 };

  /** From now on sites of that file are added. */
  startFile(file: ProgramFile): void {
    this.file = file;
  }

  add(kind: SiteKind, node: TSESTree.Node, callsParameter = false): number {
    const { base: offset } = this.file;
    const [start, end] = node.range;
    const base = labelOf(kind, node);
    const count = (this.labelCounts.get(base) ?? 0) + 1;
    this.labelCounts.set(base, count);
    const id = this.sites.length;
    this.sites.push({
      id,
      kind,
      start: start + offset,
      end: end + offset,
      label: count === 1 ? base : `${base}@${count}`,
      immediate: node.type === 'CallExpression' && isFunctionExpression(node.callee),
      references: node.type === 'CallExpression' || node.type === 'NewExpression' ? node.arguments.filter(isReference).map((argument) => argument.range[0] + offset) : [],
      callsParameter,
      isFloating: kind === 'call' && isFloating(node),
      isReaction: node.type === 'CallExpression' && node.callee.type === 'MemberExpression' && /^(then|catch|finally)$/.test(calleeName(node.callee) ?? ''),
    });
    return id;
  }
}

function labelOf(kind: SiteKind, node: TSESTree.Node): string {
  if (kind !== 'call') return kind;
  if (node.type === 'ImportExpression') return 'import()';
  if (node.type === 'TaggedTemplateExpression') return 'tag';
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return node.type;
  const name = calleeName(node.callee) ?? 'call';
  const first = node.arguments[0];
  const argument = first?.type === 'Literal' ? String(first.value) : '';
  return `${node.type === 'NewExpression' ? 'new ' : ''}${name}(${argument})`;
}

/** The last name of a callee: `connect` of `this.pool.connect`, `step` of `step`. */
export function calleeName(callee: TSESTree.Node): string | undefined {
  switch (callee.type) {
    case 'Identifier':
    case 'PrivateIdentifier':
      return callee.name;
    case 'MemberExpression':
      return callee.computed ? undefined : calleeName(callee.property);
    case 'TSNonNullExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'ChainExpression':
      return calleeName(callee.expression);
    default:
      return undefined;
  }
}

/** `x.then(f);`, `void x.then(f)`, `x && f(x);`, `const p = x.then(f)`, `Promise.all([x.then(f)]);`: for a call anywhere in the chain. */
function isFloating(node: TSESTree.Node): boolean {
  let outer = node;
  for (let { parent } = outer; parent; { parent } = outer) {
    const isLink = (parent.type === 'MemberExpression' && parent.object === outer) || (parent.type === 'CallExpression' && parent.callee === outer);
    const isMember = parent.type === 'ArrayExpression' || (parent.type === 'CallExpression' && /^(all|allSettled|race|any)$/.test(calleeName(parent.callee) ?? ''));
    const isOperand = (parent.type === 'LogicalExpression' && parent.right === outer) || (parent.type === 'ConditionalExpression' && parent.test !== outer);
    if (!isLink && !isMember && !isOperand && parent.type !== 'ChainExpression' && !parent.type.startsWith('TS') && !(parent.type === 'UnaryExpression' && parent.operator === 'void')) break;
    outer = parent;
  }
  const { parent } = outer;
  if (parent?.type === 'ReturnStatement') return isBeforeFinally(parent);
  return parent?.type === 'ExpressionStatement' || parent?.type === 'VariableDeclarator' || parent?.type === 'AssignmentExpression';
}

/** `try { return x.then(f); } finally { … }`: the `finally` block does not wait for it. */
function isBeforeFinally(node: TSESTree.Node): boolean {
  let child = node;
  for (let { parent } = child; parent && !isFunctionExpression(parent) && parent.type !== 'FunctionDeclaration'; { parent } = child) {
    if (parent.type === 'TryStatement' && parent.finalizer && parent.finalizer !== child) return true;
    child = parent;
  }
  return false;
}

function isReference(node: TSESTree.Node): boolean {
  return node.type === 'Identifier' || node.type === 'MemberExpression';
}

/** Is this a function written where it stands? */
export function isFunctionExpression(node: TSESTree.Node): boolean {
  return node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';
}
