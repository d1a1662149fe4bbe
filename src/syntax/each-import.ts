/** What a text names of another module: by its specifier, and by which name it takes the module or its default export. */
export interface NamedImport {
  readonly specifier: string;
  /** `import db from './db'`, `const db = require('./db')`, `import * as db from './db'`. */
  readonly whole: string | undefined;
}

/** `from './db'`, `import './db'`, `import('./db')`, `require('./db')`. A comment or string that looks like one does no harm. */
const SPECIFIERS = /(?:\bfrom|\bimport|\brequire)\s*(?:\(\s*)?(?:\/\*.*?\*\/\s*)?(['"`])([^'"`\n\\${}]+)\1/g;

/** What stands in front of a specifier when the module is taken as a whole. */
const WHOLE = /(?:\bimport\s+(?:\*\s*as\s+)?([\w$]+)\s*(?:,[^;'"]*)?|\b(?:const|let|var)\s+([\w$]+)\s*=\s*(?:await\s*)?)$/;

/** The imports that `text` seems to make, in the order in which they stand there. Read from the text alone: one too many is found out when it is looked for. */
export function* eachImport(text: string): Generator<NamedImport> {
  for (const match of text.matchAll(SPECIFIERS)) {
    const before = WHOLE.exec(text.slice(Math.max(0, match.index - 200), match.index));
    yield { specifier: match[2]!, whole: before?.[1] ?? before?.[2] };
  }
}
