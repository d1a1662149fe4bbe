import type { FixStyle } from '../../src/fixes/fix-style.ts';
import * as parser from '@typescript-eslint/parser';

/**
 * What a fixture file claims, apart from its annotations.
 *
 * The header (the comment lines at the top of the file) may hold
 *   // rule: require-release          the rule that each `…Bad` unit breaks; `a, b` where
 *                                    it breaks both, `a or b` where one defect may go by either name
 *   // settings: { "pairs": [ … ] }   JSON for `settings['connection-leaks']`
 *   // fixStyle: [ … ]               JSON for the option `fixStyle` of `require-release`
 *   // top level: Bad                 the module's own top level is a `Bad` unit
 *   // cause: …                       why a known miss or known false alarm is one
 * A unit is anything with a name that ends with `Ok` or `Bad`: a function, method, class, or variable.
 * The comment lines just above it may name another rule than the header.
 */
export interface Fixture {
  /** Path below `tests/fixtures`, with `/`. */
  readonly path: string;
  readonly kind: FixtureKind;
  readonly cause: string | undefined;
  readonly settings: Readonly<Record<string, unknown>> | undefined;
  /** The option `fixStyle` of `require-release`. */
  readonly fixStyle: readonly FixStyle[] | undefined;
  readonly text: string;
  /** All units, the top level of the module included, outer before inner. */
  readonly units: readonly Unit[];
}

/** `fn.…` is a known miss, `fp.…` a known false alarm; all others are right. */
export type FixtureKind = 'right' | 'miss' | 'false-alarm';

export interface Unit {
  readonly name: string;
  readonly verdict: 'Ok' | 'Bad';
  /** The rules that a `Bad` unit breaks, as a choice of sets; empty for `Ok`. */
  readonly rules: readonly (readonly string[])[];
  readonly range: readonly [number, number];
}

/** The name of the unit that stands for the code outside all functions, methods and classes. */
export const topLevelName = '(top level)';

const knownRules = ['require-release', 'no-double-release', 'no-use-after-release', 'no-stored-connection', 'no-pool-per-call', 'prefer-scoped-callback', 'no-multiple-prisma-clients'];

/** Reads the claims of one fixture; throws with the path when the file contradicts the format. */
export function parseFixture(path: string, text: string): Fixture {
  const fail = (problem: string): never => {
    throw new Error(`${path}: ${problem}`);
  };
  const lines = text.split('\n');
  const header = new Map<string, string>();
  for (const line of lines) {
    if (!line.startsWith('//')) break;
    const field = /^\/\/ (rule|settings|fixStyle|top level|cause): (.+)$/.exec(line);
    if (field) header.set(field[1] ?? '', field[2] ?? '');
  }
  const rulesOf = (choices: string): string[][] =>
    choices.split(' or ').map((list) => {
      const rules = list.split(',').map((rule) => rule.trim());
      for (const rule of rules) if (!knownRules.includes(rule)) fail(`no rule is called ${rule}`);
      return rules.sort();
    });

  const fileName = path.slice(path.lastIndexOf('/') + 1);
  const kind = fileName.startsWith('fn.') ? 'miss' : fileName.startsWith('fp.') ? 'false-alarm' : 'right';
  const cause = header.get('cause');
  if (kind !== 'right' && cause === undefined) fail('a known miss or false alarm needs a line `// cause: …`');
  if (kind === 'right' && cause !== undefined) fail('only a file called fn.… or fp.… has a cause');

  const topLevel = header.get('top level') ?? 'Ok';
  if (topLevel !== 'Ok' && topLevel !== 'Bad') fail('`top level:` is Ok or Bad');
  const headerRules = header.has('rule') ? rulesOf(header.get('rule') ?? '') : undefined;
  const rulesFor = (name: string, own: string[][] | undefined): string[][] =>
    own ?? headerRules ?? fail(`${name} needs a rule, in the header or just above it`);

  const units: Unit[] = [
    {
      name: topLevelName,
      verdict: topLevel === 'Bad' ? 'Bad' : 'Ok',
      rules: topLevel === 'Bad' ? rulesFor(topLevelName, undefined) : [],
      range: [0, text.length],
    },
  ];
  const { ast, visitorKeys } = parser.parseForESLint(text, {
    range: true,
    loc: true,
    sourceType: sourceTypeOf(path),
    ecmaFeatures: { jsx: /x$/.test(path) },
  });
  eachNode(ast, visitorKeys, (node) => {
    const name = unitName(node);
    if (name === undefined) return;
    // `const loadBad = function loadBad() {}` is one unit, not two.
    const outer = units.at(-1);
    if (outer !== undefined && outer.name === name && node.range[1] <= outer.range[1]) return;
    const verdict = name.endsWith('Ok') ? 'Ok' : 'Bad';
    const own = verdict === 'Bad' ? ruleAbove(lines, lineAt(text, node.range[0])) : undefined;
    units.push({
      name,
      verdict,
      rules: verdict === 'Bad' ? rulesFor(name, own === undefined ? undefined : rulesOf(own)) : [],
      range: node.range,
    });
  });
  if (units.length === 1 && topLevel === 'Ok' && !header.has('top level')) fail('nothing in it is called …Ok or …Bad');

  const settings = header.get('settings');
  return {
    path,
    kind,
    cause,
    settings: settings === undefined ? undefined : (JSON.parse(settings) as Record<string, unknown>),
    fixStyle: header.has('fixStyle') ? (JSON.parse(header.get('fixStyle')!) as FixStyle[]) : undefined,
    text,
    units,
  };
}

/** The kind of program a file name stands for. */
export function sourceTypeOf(path: string): 'module' | 'commonjs' {
  return /\.c[jt]s$/.test(path) ? 'commonjs' : 'module';
}

interface AnyNode {
  readonly type: string;
  readonly range: [number, number];
  readonly [key: string]: unknown;
}

function unitName(node: AnyNode): string | undefined {
  const named = nameHolder[node.type];
  if (named === undefined) return undefined;
  // `module.exports = { loadBad }` names a unit, it is none.
  if (node['shorthand'] === true) return undefined;
  const id = node[named] as { type?: string; name?: unknown } | null | undefined;
  const name = id?.name;
  return typeof name === 'string' && /(?:Ok|Bad)$/.test(name) ? name : undefined;
}

/** For each kind of declaration the property that holds its name. */
const nameHolder: Readonly<Record<string, string>> = {
  FunctionDeclaration: 'id',
  FunctionExpression: 'id',
  ClassDeclaration: 'id',
  VariableDeclarator: 'id',
  MethodDefinition: 'key',
  PropertyDefinition: 'key',
  Property: 'key',
};

function eachNode(root: unknown, keys: VisitorKeys, visit: (node: AnyNode) => void): void {
  if (Array.isArray(root)) {
    for (const item of root) eachNode(item, keys, visit);
    return;
  }
  if (typeof root !== 'object' || root === null || typeof (root as AnyNode).type !== 'string') return;
  const node = root as AnyNode;
  visit(node);
  for (const key of keys[node.type] ?? []) eachNode(node[key], keys, visit);
}

type VisitorKeys = Readonly<Record<string, readonly string[] | undefined>>;

function ruleAbove(lines: readonly string[], line: number): string | undefined {
  for (let above = line - 1; above >= 1; above--) {
    const text = lines[above - 1]?.trim() ?? '';
    if (!text.startsWith('//')) return undefined;
    const rule = /^\/\/ rule: (.+)$/.exec(text);
    if (rule) return rule[1];
  }
  return undefined;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
