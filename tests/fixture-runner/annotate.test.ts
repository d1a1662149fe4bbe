import type { ESLint, Rule } from 'eslint';
import { describe, expect, it } from 'vitest';
import { annotate, isAnnotation, replaceAnnotations, stripAnnotations } from './annotate.ts';
import { lintFixture } from './lint-fixture.ts';
import { parseFixture } from './parse-fixture.ts';

/** Reports each call of `take`, naming its line, as a message with a history would. */
const plugin: ESLint.Plugin = {
  rules: {
    'require-release': {
      meta: { type: 'problem', schema: [] },
      create: (context) => ({
        'CallExpression[callee.name="take"]'(node: Rule.Node) {
          const line = node.loc?.start.line;
          context.report({ node, message: `taken in line ${String(line)}` });
        },
      }),
    },
  },
};

const written = `// rule: require-release
export function leakBad() {
  const a = take(), b = take();
  take(
    1,
  );
}
take();
`;

const annotated = `// rule: require-release
export function leakBad() {
  const a = take(), b = take();
//          ^^^^^^ require-release: taken in line 3
//                      ^^^^^^ require-release: taken in line 3
  take(
//^^^^^ require-release: taken in line 6
    1,
  );
}
take();
//^^^^ require-release: taken in line 11
`;

const lint = (text: string) => lintFixture(parseFixture('a/b.ts', text), text, plugin);

describe('annotations', () => {
  it('stand under the reported text and count themselves', () => {
    expect(annotate(written, lint)).toBe(annotated);
    expect(replaceAnnotations(annotated, lint(annotated))).toBe(annotated);
  });

  it('can be taken off again', () => {
    expect(stripAnnotations(annotated)).toBe(written);
  });

  it('differ from the file when a report is new, gone or moved', () => {
    expect(replaceAnnotations(annotated, [])).not.toBe(annotated);
    expect(replaceAnnotations(annotated, lint(annotated).slice(1))).not.toBe(annotated);
    expect(replaceAnnotations(annotated, lint(annotated).map((each) => ({ ...each, column: each.column + 1 })))).not.toBe(annotated);
  });

  it('carry the history of a report in a second line', () => {
    const text = '// rule: require-release\nexport const leakBad = take();\n';
    const reports = lintFixture(parseFixture('a/b.ts', text), text, plugin, {
      describePath: (report) => `line ${report.line} acquired`,
    });
    expect(replaceAnnotations(text, reports)).toBe(`// rule: require-release
export const leakBad = take();
//                     ^^^^^^ require-release: taken in line 2
//                     path: line 2 acquired
`);
  });

  it('are told from other comments', () => {
    expect(isAnnotation('//   ^^^ require-release: x')).toBe(true);
    expect(isAnnotation('//   path: line 1')).toBe(true);
    expect(isAnnotation('// rule: require-release')).toBe(false);
    expect(isAnnotation('  // path: not in column 0')).toBe(false);
  });

  it('stop when the file does not parse', () => {
    expect(() => lintFixture({ ...parseFixture('a/b.ts', written) }, 'const = 1', plugin)).toThrow(/a\/b\.ts:1/);
  });
});
