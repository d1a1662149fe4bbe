/** The text of a function that takes a connection, hands it to a callback and releases it on every path. */

/** What the function is made of. */
export interface LenderParts {
  readonly name: string;
  /** What it calls the connection. */
  readonly handle: string;
  /** The method of the pool that takes one. */
  readonly acquire: string;
  /** How the connection is released: `client.release()`. */
  readonly release: string;
  /** The names of the types; absent in JavaScript. */
  readonly types?: { readonly pool: string; readonly connection: string } | undefined;
  readonly isExported: boolean;
}

/** How the file around it is written. */
export interface LenderStyle {
  readonly eol: string;
  /** One step of indentation. */
  readonly step: string;
  readonly semicolon: string;
}

/** `async function withClient(from, work) { … }`. The pool is given to it, so that it serves every one of the library. */
export function lenderText({ name, handle, acquire, release, types, isExported }: LenderParts, { eol, step, semicolon }: LenderStyle): string {
  const parameters = types === undefined ? '(from, work)' : `<T>(from: ${types.pool}, work: (${handle}: ${types.connection}) => Promise<T>): Promise<T>`;
  return [
    `${isExported ? 'export ' : ''}async function ${name}${parameters} {`,
    `${step}const ${handle} = await from.${acquire}()${semicolon}`,
    `${step}try {`,
    `${step}${step}return await work(${handle})${semicolon}`,
    `${step}} finally {`,
    `${step}${step}${release}${semicolon}`,
    `${step}}`,
    '}',
  ].join(eol);
}
