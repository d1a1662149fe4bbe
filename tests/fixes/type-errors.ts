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

/** By file, what TypeScript says of texts that stand, as modules, where the fixtures do. */
export function typeErrors(texts: ReadonlyMap<string, string>, options: ts.CompilerOptions = OPTIONS): ReadonlyMap<string, readonly string[]> {
  const folder = fileURLToPath(new URL('../fixtures-in-memory/', import.meta.url));
  const files = new Map([...texts].map(([path, text]) => [`${folder}${path}`, text]));
  const stubs = `${folder}stubs.d.ts`;
  files.set(stubs, STUBS);
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  const { directoryExists } = host;
  host.directoryExists = (name) => [...files.keys()].some((file) => file.startsWith(`${name}/`)) || directoryExists?.(name) === true;
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.getSourceFile = (name, languageVersion, ...rest) => {
    const text = files.get(name);
    return text === undefined ? getSourceFile(name, languageVersion, ...rest) : ts.createSourceFile(name, text, languageVersion, true);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  const found = new Map<string, string[]>();
  for (const name of files.keys()) {
    if (name === stubs) continue;
    const source = program.getSourceFile(name);
    const diagnostics = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    if (diagnostics.length === 0) continue;
    const path = name.slice(folder.length);
    found.set(path, diagnostics.map(({ start, messageText }) => {
      const line = source === undefined || start === undefined ? 0 : source.getLineAndCharacterOfPosition(start).line + 1;
      return `${path}:${String(line)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    }));
  }
  return found;
}
