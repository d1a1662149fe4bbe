/** What a Prisma schema says of the clients that are generated from it. */

/** A client that a schema generates. */
export interface SchemaClient {
  /** Where it is written, as the schema says it: relative to the schema's own directory. Undefined: into the package `@prisma/client`. */
  readonly output: string | undefined;
}

/** What a schema file holds, as far as clients are concerned. */
export interface PrismaSchema {
  readonly clients: readonly SchemaClient[];
  /** Name of the environment variable that the database's address is read from, where there is exactly one. */
  readonly urlVariable: string | undefined;
}

const BLOCK = /^[ \t]*(generator|datasource)\s+\w+\s*\{([^}]*)\}/gm;

/** Reads the blocks `generator` and `datasource` of a schema. Generators of other things than clients are left out. */
export function readPrismaSchema(text: string): PrismaSchema {
  const clients: SchemaClient[] = [];
  const variables: string[] = [];
  for (const [, kind, body = ''] of text.replace(/\/\/.*$/gm, '').matchAll(BLOCK)) {
    if (kind === 'datasource') {
      const variable = /^\s*url\s*=\s*env\(\s*"([^"]+)"\s*\)/m.exec(body)?.[1];
      if (variable !== undefined) variables.push(variable);
    } else if (/^\s*provider\s*=\s*"prisma-client(?:-js)?"/m.test(body)) {
      clients.push({ output: /^\s*output\s*=\s*"([^"]+)"/m.exec(body)?.[1] });
    }
  }
  return { clients, urlVariable: variables.length === 1 ? variables[0] : undefined };
}
