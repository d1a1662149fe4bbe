import * as parser from '@typescript-eslint/parser';
import { AST_NODE_TYPES } from '@typescript-eslint/utils';
import { describe, expect, it } from 'vitest';
import { lintSource, type Reading } from './lint-source.ts';
import { nodeSnippets, type NodeSnippet } from './node-snippets.ts';

const head = "import { Pool } from 'pg';\nconst pool = new Pool();\n";
const scriptHead = "const { Pool } = require('pg');\nconst pool = new Pool();\n";

/** A client is held from before the snippet to the end of the function, and never released. */
const heldAcross = (code: string) => `${head}
export async function* hold(value, list, run, object) {
  const client = await pool.connect();
  ${code}
  await client.query('select 1');
}`;

/** The snippet runs inside a try whose finally releases. */
const releasedAround = (code: string) => `${head}
export async function* hold(value, list, run, object) {
  const client = await pool.connect();
  try {
    ${code}
  } finally {
    client.release();
  }
}`;

/** The snippet stands beside a function that leaks. */
const besideLeak = (code: string) => `${head}
${code}
async function leak() {
  const client = await pool.connect();
  await client.query('select 1');
}`;

const sloppy = (code: string) => `${scriptHead}
async function* hold(value, list, run, object) {
  const client = await pool.connect();
  try {
    ${code}
  } finally {
    client.release();
  }
}`;

function readingOf(snippet: NodeSnippet): Reading {
  return {
    parser: 'typescript',
    sourceType: snippet.place === 'script' ? 'script' : 'module',
    jsx: snippet.jsx === true,
  };
}

function typesIn(code: string, reading: Reading): Set<string> {
  const types = new Set<string>();
  const { ast, visitorKeys } = parser.parseForESLint(code, {
    sourceType: reading.sourceType === 'module' ? 'module' : 'script',
    ecmaFeatures: { jsx: reading.jsx === true },
  });
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null && 'type' in value) {
      const type = String(value.type);
      types.add(type);
      for (const key of visitorKeys[type] ?? []) visit((value as unknown as Record<string, unknown>)[key]);
    }
  };
  visit(ast);
  return types;
}

const wrapped = (snippet: NodeSnippet): string[] => {
  if (snippet.place === 'script') return [sloppy(snippet.code)];
  if (snippet.place === 'module') return [besideLeak(snippet.code)];
  return [heldAcross(snippet.code), releasedAround(snippet.code)];
};

const built = Object.entries(nodeSnippets).flatMap(([type, snippet]) =>
  'neverBuilt' in snippet ? [] : [{ type, snippet }],
);
const neverBuilt = Object.entries(nodeSnippets).flatMap(([type, snippet]) => ('neverBuilt' in snippet ? [type] : []));

describe('the snippets', () => {
  it('name every node type of the parser', () => {
    expect(Object.keys(nodeSnippets).sort()).toEqual(Object.values(AST_NODE_TYPES).map(String).sort());
  });

  it.each(built)('hold a $type', ({ type, snippet }) => {
    const code = wrapped(snippet)[0] ?? '';
    expect(typesIn(code, readingOf(snippet))).toContain(type);
  });

  it('leave out only what is never built', () => {
    const all = built.flatMap(({ snippet }) => wrapped(snippet).flatMap((code) => [...typesIn(code, readingOf(snippet))]));
    expect(neverBuilt.filter((type) => all.includes(type))).toEqual([]);
  });
});

describe.each(built)('$type', ({ snippet }) => {
  const reading = readingOf(snippet);

  it('alone stops no rule', () => {
    // Statements that only a function allows stand in one.
    const code = snippet.place === 'statement' ? `async function* alone(value, list, run, object) { ${snippet.code} }` : snippet.code;
    expect(lintSource(code, reading)).toEqual({ reported: [] });
  });

  if (snippet.place === 'statement') {
    it('does not hide the leak around it', () => {
      expect(lintSource(heldAcross(snippet.code), reading)).toEqual({ reported: ['require-release'] });
    });

    it('does not keep a finally from releasing', () => {
      expect(lintSource(releasedAround(snippet.code), reading)).toEqual({ reported: [] });
    });
  } else if (snippet.place === 'module') {
    it('does not hide the leak beside it', () => {
      expect(lintSource(besideLeak(snippet.code), reading)).toEqual({ reported: ['require-release'] });
    });
  } else {
    it('stops no rule while a client is held', () => {
      expect(lintSource(sloppy(snippet.code), reading)).not.toHaveProperty('parseError');
    });
  }
});
