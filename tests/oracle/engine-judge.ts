/**
 * The judge that is on trial: the project's engine, seen through its public entry point.
 */
import type { Driver } from '../../src/drivers/driver.ts';
import { DRIVERS } from '../../src/drivers/drivers.ts';
import { analyseProgram, type AnalysisInput, type ProgramAnalysis } from '../../src/index.ts';
import type { ProjectPlace } from '../../src/analysis/linked-models.ts';
import type { FileAccess } from '../../src/project/file-access.ts';
import type { ModuleResolver } from '../../src/project/module-resolver.ts';
import type { FixStyle } from '../../src/fixes/fix-style.ts';
import { PackageVersions } from '../../src/project/package-versions.ts';
import { Project } from '../../src/project/project.ts';
import { SourceFiles } from '../../src/project/source-files.ts';
import { parseProgram, parseSource, type ParsedSource } from './executor/parse-source.ts';
import type { JudgedSite, Judgement } from './judge.ts';
import { findProgramFile } from './program-files.ts';

/** One file of a program, and what the engine says of it. */
export interface AnalysedFile {
  readonly file: ParsedSource;
  readonly analysis: ProgramAnalysis;
}

/** Judges a program; one of several files (`program-files.ts`) file by file, each with the others as its project. */
export function judgeByEngine(source: string): Judgement {
  const judgements = analyseByEngine(source).map(judgeFile);
  return {
    sites: judgements.flatMap(({ sites }) => sites),
    doubleReleases: judgements.flatMap(({ doubleReleases }) => doubleReleases),
    usesAfterRelease: judgements.flatMap(({ usesAfterRelease }) => usesAfterRelease),
  };
}

/** What the engine says of each file of a program. `style`: the forms of fixes that are wanted; those that ask for something of the package find it there. */
export function analyseByEngine(source: string, style?: readonly FixStyle[]): readonly AnalysedFile[] {
  const files = parseProgram(source);
  const [only] = files;
  if (files.length === 1 && only && style === undefined) return [analyseFile(only)];
  const project = projectOver(files, style === undefined ? {} : CONFIGURATION);
  const analysed = files.map((file) => analyseFile(file, { project, path: pathInTree(file.path) }));
  return style === undefined ? analysed : analysed.map(({ file, analysis }) => ({ file, analysis: { ...analysis, fixesOf: (finding) => analysis.fixesOf(finding, style) } }));
}

/** A package whose code may have `using` declarations, and versions whose connections have dispose methods. */
const CONFIGURATION: Readonly<Record<string, string>> = {
  '/program/package.json': '{ "dependencies": { "mysql2": "^3.18.0", "pg": "^8.16.0", "knex": "^3.1.0" } }',
  '/program/tsconfig.json': '{ "compilerOptions": { "target": "es2022", "lib": ["esnext"] } }',
};

function analyseFile(file: ParsedSource, place?: ProjectPlace): AnalysedFile {
  const { ast, source, scopeManager } = file;
  return { file, analysis: analyseProgram({ program: ast, text: source, scopeManager, place, path: 'program.ts', drivers: TABLES, parse: (text) => parseAgain(text, file.path) }) };
}

/** A text for a file of a program. */
function parseAgain(text: string, path: string): ReturnType<NonNullable<AnalysisInput['parse']>> {
  const { ast, scopeManager, visitorKeys } = parseSource(text, path);
  return { program: ast, scopeManager, visitorKeys };
}

/**
 * The tables, but for what Knex keeps to itself: a BEGIN or COMMIT that fails rejects the calls of the transactions here, as it does in other libraries. What takes over code
 * of which that is known is compared in all executions.
 */
const TABLES: readonly Driver[] = DRIVERS.map((driver): Driver => {
  const { Transaction } = driver.types;
  return driver.library !== 'knex' || Transaction === undefined ? driver : { ...driver, types: { ...driver.types, Transaction: { ...Transaction, scoped: [{ call: '@.transaction', gives: '$', commits: true }] } } };
});

function judgeFile({ file: { base }, analysis: { sites, findings } }: AnalysedFile): Judgement {
  const startsOf = (kind: string): number[] => findings.filter((finding) => finding.kind === kind).map(({ node }) => node.range[0] + base);
  return {
    sites: sites.map(({ node, verdict, reason }): JudgedSite => ({ start: node.range[0] + base, verdict, ...(reason === undefined ? {} : { reason }) })),
    doubleReleases: startsOf('double-release'),
    usesAfterRelease: startsOf('use-after-release'),
  };
}

const ROOT = '/program/';
const pathInTree = (path: string): string => `${ROOT}${path}`;

/** A project whose files are those of the program, without a file system. */
function projectOver(files: readonly ParsedSource[], texts: Readonly<Record<string, string>>): Project {
  const fileAt = (path: string): ParsedSource | undefined => files.find((file) => pathInTree(file.path) === path);
  const access: FileAccess = {
    stat(path) {
      const file = fileAt(path) ?? (texts[path] === undefined ? undefined : { source: texts[path] });
      return file && { isFile: true, isDirectory: false, size: file.source.length, modified: 0 };
    },
    read: (path) => fileAt(path)?.source ?? texts[path],
    directoriesIn: () => [],
    filesIn: () => [],
    realPath: (path) => (fileAt(path) ? path : undefined),
  };
  const resolver: ModuleResolver = {
    resolve(importer, specifier) {
      const file = findProgramFile(files, importer.slice(ROOT.length), specifier);
      return file && pathInTree(file.path);
    },
    // The files of a program do not change.
    turn: () => 0,
  };
  const parser = (path: string, text: string) => {
    const { ast, scopeManager, visitorKeys } = parseSource(text, path.slice(ROOT.length));
    return { program: ast, scopeManager, visitorKeys };
  };
  return new Project({ resolver, sources: new SourceFiles({ files: access, parser }), versions: new PackageVersions({ files: access, root: '/program' }) });
}
