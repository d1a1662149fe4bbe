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

/** By file, what TypeScript says of texts that stand, as modules, where the fixtures do. */
export function typeErrors(texts: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const folder = fileURLToPath(new URL('../fixtures-in-memory/', import.meta.url));
  const files = new Map([...texts].map(([path, text]) => [`${folder}${path}`, text]));
  const host = ts.createCompilerHost(OPTIONS);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.getSourceFile = (name, languageVersion, ...rest) => {
    const text = files.get(name);
    return text === undefined ? getSourceFile(name, languageVersion, ...rest) : ts.createSourceFile(name, text, languageVersion, true);
  };
  const program = ts.createProgram([...files.keys()], OPTIONS, host);
  const found = new Map<string, string[]>();
  for (const name of files.keys()) {
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
