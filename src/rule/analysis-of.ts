import type { TSESLint } from '@typescript-eslint/utils';
import type { ProjectPlace } from '../analysis/linked-models.ts';
import { mayAcquireFromProject } from '../analysis/may-acquire-from-project.ts';
import { mayAcquire, mayAcquireByType } from '../analysis/may-acquire.ts';
import type { Driver } from '../drivers/driver.ts';
import { analyseProgram, type AnalysisInput, type ProgramAnalysis } from '../index.ts';
import { mayMakeClient, namesClientMaker } from '../prisma/client-files.ts';
import { driversOfVersions } from '../project/drivers-of-versions.ts';
import { directoryOf } from '../project/path.ts';
import type { SourceParser } from '../project/source-files.ts';
import { isOneOffFile } from './is-one-off-file.ts';
import { mayConstructRoot } from '../analysis/may-construct-root.ts';
import { projectOf } from './project-of.ts';
import { readSettings } from './settings.ts';
import { createSourceParser } from './source-parser.ts';
import { typesOf } from './type-source.ts';

type Context = Readonly<TSESLint.RuleContext<string, readonly unknown[]>>;

const NOTHING: ProgramAnalysis = { findings: [], sites: [], runsOnce: false, fixesOf: () => [], manualReleases: () => [] };
const analyses = new WeakMap<object, ProgramAnalysis>();
const worth = new WeakMap<object, boolean>();
const oneOff = new WeakMap<object, boolean>();
const places = new WeakMap<object, { readonly place: ProjectPlace | undefined }>();

/** Whether the file that is being linted is one that runs once: asked by every rule, so the answer is kept. */
export function isOneOff(context: Context): boolean {
  const { sourceCode } = context;
  let known = oneOff.get(sourceCode);
  if (known === undefined) {
    known = isOneOffFile(context.filename, context.cwd);
    oneOff.set(sourceCode, known);
  }
  return known;
}

/** Whether the file is a JavaScript program that can hold an acquisition: what every rule asks before it does anything. */
export function isWorthAnalysing(context: Context): boolean {
  const { sourceCode } = context;
  let isWorth = worth.get(sourceCode);
  if (isWorth === undefined) {
    isWorth = mayHoldAcquisition(context);
    worth.set(sourceCode, isWorth);
  }
  return isWorth;
}

function mayHoldAcquisition(context: Context): boolean {
  const { pairs, drivers } = readSettings(context.settings);
  const { sourceCode } = context;
  // The root of another language (JSON, CSS, Markdown) is no program; a custom parser may leave out the scopes.
  if ((sourceCode.ast as { type?: string } | undefined)?.type !== 'Program' || !sourceCode.scopeManager) return false;
  if (typesOf(sourceCode.parserServices) !== undefined && mayAcquireByType(sourceCode.text, drivers)) return true;
  if (mayMakeClient(sourceCode.text) || mayUseClientMaker(context)) return true;
  if (mayAcquire(sourceCode.text, drivers, pairs) || mayConstructRoot(sourceCode.text, drivers, pairs, () => placeOf(context))) return true;
  return mayAcquireFromProject(sourceCode.text, drivers, pairs, () => placeOf(context));
}

/** The analysis of the file that is being linted: made once, shared by all rules. */
export function analysisOf(context: Context): ProgramAnalysis {
  const { sourceCode } = context;
  let analysis = analyses.get(sourceCode);
  if (analysis === undefined) {
    const { pairs } = readSettings(context.settings);
    const place = placeOf(context);
    analysis = sourceCode.scopeManager
      ? analyseProgram({
          program: sourceCode.ast,
          text: sourceCode.text,
          scopeManager: sourceCode.scopeManager,
          visitorKeys: sourceCode.visitorKeys,
          pairs,
          drivers: driversAt(readSettings(context.settings).drivers, place),
          types: typesOf(sourceCode.parserServices),
          place,
          path: context.physicalFilename,
          scoped: scopedFunctions(context),
          parse: parserOf(context),
          clients: mayMakeClient(sourceCode.text) || mayUseClientMaker(context) ? clientsInput(context) : undefined,
        })
      : NOTHING;
    analyses.set(sourceCode, analysis);
  }
  return analysis;
}

/** Parses another text for the file that is being linted, by the parser that it is linted with. */
function parserOf({ languageOptions, physicalFilename }: Context): NonNullable<AnalysisInput['parse']> {
  let parser: SourceParser | undefined;
  return (text) => {
    parser ??= createSourceParser(languageOptions ?? {});
    const parsed = parser(physicalFilename, text);
    return typeof parsed === 'string' ? undefined : parsed;
  };
}

/** The tables for the versions that the file runs with. */
function driversAt(drivers: readonly Driver[], place: ProjectPlace | undefined): readonly Driver[] {
  const versions = place?.project.versions;
  if (place === undefined || versions === undefined) return drivers;
  const directory = directoryOf(place.path);
  return driversOfVersions(drivers, (name) => versions.versionAt(directory, name));
}

/** Whether the file names a class or function of its package that makes PrismaClients. */
function mayUseClientMaker(context: Context): boolean {
  const { text } = context.sourceCode;
  const place = /\bnew\b|@Module\b|=\s*(?:await\s+)?\w+\(/.test(text) ? placeOf(context) : undefined;
  return place !== undefined && namesClientMaker(place.project, place.path, text);
}

/** The functions that lend a connection, as the settings name them; looked up when a fix asks. */
function scopedFunctions(context: Context): AnalysisInput['scoped'] {
  return () => readSettings(context.settings).scoped.flatMap(({ name, from }) => {
    const path = fileNamed(context, from);
    return path === undefined ? [] : { name, path };
  });
}

/** The file of the project that the settings mean: a path relative to where ESLint runs, or a specifier. */
function fileNamed(context: Context, name: string): string | undefined {
  const project = placeOf(context)?.project;
  return project?.resolve(`${context.cwd}/package.json`, `./${name}`) ?? project?.resolve(`${context.cwd}/package.json`, name);
}

function clientsInput(context: Context): AnalysisInput['clients'] {
  const { module } = readSettings(context.settings).prisma;
  return {
    module: module === undefined ? undefined : fileNamed(context, module),
    isOneOff: (path) => isOneOffFile(path, context.cwd),
  };
}

/** The project of the file that is being linted, unless the settings say that it stands alone. */
function placeOf(context: Context): ProjectPlace | undefined {
  const { sourceCode } = context;
  let known = places.get(sourceCode);
  if (known === undefined) {
    const { project } = readSettings(context.settings);
    known = { place: project === false ? undefined : projectOf({ path: context.physicalFilename, cwd: context.cwd, choice: context.languageOptions ?? {}, root: project.root }) };
    places.set(sourceCode, known);
  }
  return known.place;
}
