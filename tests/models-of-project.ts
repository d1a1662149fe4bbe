/** Source texts of several files → their models, each of which sees the others by relative specifiers; for tests of one stage alone. */
import { posix } from 'node:path';
import { parseForESLint } from '@typescript-eslint/parser';
import { ModelFamily } from '../src/analysis/model-family.ts';
import { ProgramModel } from '../src/analysis/program-model.ts';
import { DRIVERS } from '../src/drivers/drivers.ts';

/** Parses each of `sources` (by path, `db.ts`) when it is first asked for. Files that end in `.cjs` or `.js` are CommonJS. */
export function modelsOfProject(sources: Readonly<Record<string, string>>): (path: string) => ProgramModel {
  const models = new Map<string, ProgramModel>();
  const family = new ModelFamily();
  const modelOf = (path: string): ProgramModel => {
    const known = models.get(path);
    if (known !== undefined) return known;
    const text = sources[path];
    if (text === undefined) throw new Error(`no ${path} in the project`);
    const { ast, scopeManager, visitorKeys } = parseForESLint(text, {
      range: true,
      loc: true,
      comment: true,
      sourceType: /\.c?js$/.test(path) ? 'commonjs' : 'module',
      jsDocParsingMode: 'none',
    });
    const imports = (specifier: string): ProgramModel | null => {
      if (!specifier.startsWith('.')) return null;
      const base = posix.join(posix.dirname(path), specifier);
      const found = ['', '.ts', '.js', '.cjs', '/index.ts', '/index.js'].map((end) => posix.normalize(base + end)).find((candidate) => Object.hasOwn(sources, candidate));
      return found === undefined ? null : modelOf(found);
    };
    const model = new ProgramModel({ program: ast, text, scopeManager, visitorKeys, drivers: DRIVERS, pairs: [], path, imports, family });
    models.set(path, model);
    return model;
  };
  return modelOf;
}
