/**
 * The judge that is on trial: the project's engine, seen through its public entry point.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { parseProgram, parseSource, type ParsedSource } from './executor/parse-source.ts';
import type { Judge, JudgedSite, Judgement, Verdict } from './judge.ts';
import { findProgramFile } from './program-files.ts';

interface Analysis {
  readonly sites: readonly { node: TSESTree.Node; verdict: Verdict; reason?: string }[];
  readonly findings: readonly { kind: string; node: TSESTree.Node }[];
}

/** What this judge needs of `src/index.ts`. */
interface EngineModule {
  analyseProgram(input: { program: TSESTree.Program; text: string; scopeManager: unknown; place?: ProjectPlace }): Analysis;
}

interface ProjectPlace {
  readonly project: object;
  readonly path: string;
}

/** What it needs of `src/project`, where that is there. */
interface ProjectModules {
  Project: new (input: { resolver: object; sources: object }) => object;
  SourceFiles: new (input: { files: object; parser: (path: string, text: string) => object }) => object;
}

/** Loads the engine; throws when it is not there, so that an oracle run never passes for lack of a judge. */
export async function loadEngineJudge(): Promise<Judge> {
  const { analyseProgram } = (await import('../../src/index.ts')) as unknown as Partial<EngineModule>;
  if (!analyseProgram) throw new Error('src/index.ts exports no analyseProgram');
  const projects = await loadProjects();
  const judgeFile = ({ ast, source, scopeManager, base }: ParsedSource, place?: ProjectPlace): Judgement => {
    const { sites, findings } = analyseProgram({ program: ast, text: source, scopeManager, ...(place && { place }) });
    const startsOf = (kind: string): number[] => findings.filter((finding) => finding.kind === kind).map(({ node }) => node.range[0] + base);
    return {
      sites: sites.map(({ node, verdict, reason }): JudgedSite => ({ start: node.range[0] + base, verdict, ...(reason === undefined ? {} : { reason }) })),
      doubleReleases: startsOf('double-release'),
      usesAfterRelease: startsOf('use-after-release'),
    };
  };
  const judge = (source: string): Judgement => {
    const files = parseProgram(source);
    const [only] = files;
    if (files.length === 1 && only) return judgeFile(only);
    if (!projects) throw new Error('the engine reads no other files: there is no src/project');
    const project = projectOver(files, projects);
    const judgements = files.map((file) => judgeFile(file, { project, path: pathInTree(file.path) }));
    return {
      sites: judgements.flatMap(({ sites }) => sites),
      doubleReleases: judgements.flatMap(({ doubleReleases }) => doubleReleases),
      usesAfterRelease: judgements.flatMap(({ usesAfterRelease }) => usesAfterRelease),
    };
  };
  return Object.assign(judge, { readsOtherFiles: projects !== undefined });
}

async function loadProjects(): Promise<ProjectModules | undefined> {
  const load = async (file: string): Promise<Record<string, unknown> | undefined> => {
    try {
      return (await import(`../../src/project/${file}.ts`)) as Record<string, unknown>;
    } catch {
      return undefined;
    }
  };
  const { Project, SourceFiles } = { ...(await load('project')), ...(await load('source-files')) } as Partial<ProjectModules>;
  return Project && SourceFiles && { Project, SourceFiles };
}

const ROOT = '/program/';
const pathInTree = (path: string): string => `${ROOT}${path}`;

/** A project whose files are those of the program, without a file system. */
function projectOver(files: readonly ParsedSource[], { Project, SourceFiles }: ProjectModules): object {
  const fileAt = (path: string): ParsedSource | undefined => files.find((file) => pathInTree(file.path) === path);
  const access = {
    stat(path: string) {
      const file = fileAt(path);
      return file && { isFile: true, isDirectory: false, size: file.source.length, modified: 0 };
    },
    read: (path: string) => fileAt(path)?.source,
    filesIn: () => [],
    directoriesIn: () => [],
    realPath: (path: string) => (fileAt(path) ? path : undefined),
  };
  const parser = (path: string, text: string): object => {
    const { ast, scopeManager, visitorKeys } = parseSource(text, path.slice(ROOT.length));
    return { program: ast, scopeManager, visitorKeys };
  };
  const resolver = {
    resolve(importer: string, specifier: string): string | undefined {
      const file = findProgramFile(files, importer.slice(ROOT.length), specifier);
      return file && pathInTree(file.path);
    },
  };
  return new Project({ resolver, sources: new SourceFiles({ files: access, parser }) });
}
