import * as parser from '@typescript-eslint/parser';
import type { ProjectPlace } from '../src/analysis/linked-models.ts';
import { projectOf } from '../src/rule/project-of.ts';

/**
 * The project of the file at `path`, found and read as the plugin does it under ESLint with the parser for TypeScript; undefined where the
 * file lies in none.
 */
export function placeOfFile(path: string): ProjectPlace | undefined {
  return projectOf({ path, cwd: process.cwd(), choice: { parser, sourceType: 'module' }, root: undefined });
}
