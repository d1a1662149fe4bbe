import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  target: ts.ScriptTarget.ESNext,
  lib: ['lib.esnext.d.ts', 'lib.dom.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  skipLibCheck: true,
  types: ['node'],
};

/** What is generated, or not installed, as far as fixtures use it. */
const STUBS = `
declare module '@prisma/client' {
  type Rows = Record<'findMany' | 'findFirst' | 'count' | 'create' | 'deleteMany', (options?: object) => Promise<{ readonly length: number }>>;
  export class PrismaClient {
    private readonly options: object | undefined;
    constructor(options?: object);
    readonly order: Rows;
    readonly customer: Rows;
    readonly audit: Rows;
    $disconnect(): Promise<void>;
    $on(event: string, listener: (event: object) => void): void;
    $extends(extension: object): PrismaClient;
  }
  export const Prisma: { readonly SortOrder: { readonly asc: string } };
}
declare module '@prisma/adapter-pg' { export class PrismaPg { constructor(options: object); } }
declare module 'express' { export function Router(): { get(path: string, handler: (request: { readonly id: string }, response: { json(body: unknown): void; status(code: number): { json(body: unknown): void } }) => void): void }; }
declare module 'next/server' { export const NextResponse: { json(body: unknown): Response }; }
declare module '@nestjs/common' { export function Module(options: object): ClassDecorator; }
`;

/** For projects whose imports have no extensions. */
export const BUNDLED: ts.CompilerOptions = { ...OPTIONS, module: ts.ModuleKind.Preserve, moduleResolution: ts.ModuleResolutionKind.Bundler };

/** What was read for the same options: the declarations of TypeScript and of libraries, which are large. */
const declarationsBy = new WeakMap<ts.CompilerOptions, Map<string, ts.SourceFile | undefined>>();

/** What TypeScript says of texts that stand, as modules, where the fixtures do: each file is asked for by itself. */
export function typeErrors(texts: ReadonlyMap<string, string>, options: ts.CompilerOptions = OPTIONS): (path: string) => readonly string[] {
  const folder = fileURLToPath(new URL('../fixtures-in-memory/', import.meta.url));
  const files = new Map([...texts].map(([path, text]) => [`${folder}${path}`, text]));
  const stubs = `${folder}stubs.d.ts`;
  files.set(stubs, STUBS);
  const host = ts.createCompilerHost(options);
  let declarations = declarationsBy.get(options);
  if (declarations === undefined) declarationsBy.set(options, (declarations = new Map()));
  const { readFile, fileExists, getSourceFile } = host;
  const { directoryExists } = host;
  host.directoryExists = (name) => [...files.keys()].some((file) => file.startsWith(`${name}/`)) || directoryExists?.(name) === true;
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.getSourceFile = (name, languageVersion, ...rest) => {
    const text = files.get(name);
    if (text !== undefined) return ts.createSourceFile(name, text, languageVersion, true);
    if (!declarations.has(name)) declarations.set(name, getSourceFile(name, languageVersion, ...rest));
    return declarations.get(name);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return (path) => {
    const source = program.getSourceFile(`${folder}${path}`);
    if (source === undefined) throw new Error(`${path} is none of the texts`);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(({ start, messageText }) => {
      const line = start === undefined ? 0 : source.getLineAndCharacterOfPosition(start).line + 1;
      return `${path}:${String(line)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  };
}
