import { analyseProgramModel } from './analyse-program.ts';
import type { Driver } from '../drivers/driver.ts';
import { prisma } from '../drivers/prisma.ts';
import type { Project } from '../project/project.ts';
import type { SourceFile } from '../project/source-files.ts';
import type { Neighbour } from './given-back-elsewhere.ts';
import { withAliases } from './handing-functions.ts';
import { handingNamesOf } from './handing-names.ts';
import { mayExportName } from '../syntax/may-export-name.ts';
import { ModelFamily, type AnalysedFile } from './model-family.ts';
import { ProgramModel, type ModelInput } from './program-model.ts';

/** The project that the analysed file belongs to, and where the file lies in it. */
export interface ProjectPlace {
  readonly project: Project;
  readonly path: string;
}

/**
 * The model of the file that is analysed, linked to the models of the files of its project. Those are made when something is asked of
 * them, each once; a circle of imports leads back to the same models.
 */
export function linkModels(input: ModelInput, place: ProjectPlace | undefined): ProgramModel {
  if (place === undefined) return new ProgramModel(input);
  const { project } = place;
  const { drivers, pairs } = input;
  const family = new ModelFamily();
  family.neighbours = () => neighboursOf(place);
  const models = new Map<string, ProgramModel | null>();
  const imports = (path: string) => (specifier: string): ProgramModel | null => {
    const target = project.resolve(path, specifier);
    return target === undefined ? null : modelAt(target);
  };
  const mayExport = (path: string) => (specifier: string, name: string): boolean => {
    const target = project.resolve(path, specifier);
    const text = target === undefined ? undefined : project.textAt(target);
    return text === undefined || mayExportName(text, name);
  };
  const handingNames = handingNamesOf(project, drivers, pairs);
  const libraries = new Map<string, Driver>();
  const generated = (path: string, text: string) => (specifier: string): Driver | undefined => {
    const client = project.generated?.clientAt(path, specifier, text);
    if (client === undefined) return undefined;
    const library = libraries.get(client) ?? { ...prisma, modules: [client] };
    libraries.set(client, library);
    return library;
  };
  const linksOf = (path: string, text: string): Pick<ModelInput, 'path' | 'imports' | 'mayExport' | 'generated' | 'handingNames' | 'handingRoots' | 'acquiringNames' | 'family'> => {
    let names: ReadonlySet<string> | undefined;
    return {
      path, imports: imports(path), mayExport: mayExport(path), generated: generated(path, text), family,
      handingNames: () => (names ??= withAliases(handingNames.importedInto(path, text), text)), handingRoots: () => handingNames.rootsImportedInto(path, text), acquiringNames: () => handingNames.acquiringIn(path, text),
    };
  };
  const modelAt = (path: string): ProgramModel | null => {
    let model = models.get(path);
    if (model === undefined) {
      const file = project.fileAt(path);
      model = typeof file === 'string' ? null : linked(file);
      models.set(path, model);
    }
    return model;
  };
  const linked = (file: SourceFile): ProgramModel => {
    const { path, text, program, scopeManager, visitorKeys, index, scopes } = file;
    return new ProgramModel({ ...linksOf(path, text), text, program, scopeManager, visitorKeys, index, scopes, drivers, pairs });
  };
  family.modelNamed = modelAt;
  const alone = new Map<string, AnalysedFile | undefined>();
  family.seenAlone = (path) => {
    if (!alone.has(path)) alone.set(path, analyseAlone(input, { project, path }));
    return alone.get(path);
  };
  const root = new ProgramModel({ ...input, ...linksOf(place.path, input.text) });
  models.set(place.path, root);
  return root;
}

/** Another file of the project as one that is analysed by itself: what is followed from there leaves nothing behind here. */
function analyseAlone({ drivers, pairs }: ModelInput, place: ProjectPlace): AnalysedFile | undefined {
  const file = place.project.fileAt(place.path);
  if (typeof file === 'string') return undefined;
  const { text, program, scopeManager, visitorKeys, index, scopes } = file;
  const model = linkModels({ text, program, scopeManager, visitorKeys, index, scopes, drivers, pairs }, place);
  return { model, outcomes: analyseProgramModel(model) };
}

/** The other files of the package that the file lies in. */
function* neighboursOf({ project, path: own }: ProjectPlace): Generator<Neighbour> {
  const directory = project.tree?.packageOf(own);
  for (const path of directory === undefined ? [] : (project.tree?.sourcesOf(directory) ?? [])) {
    const text = path === own ? undefined : project.textAt(path);
    if (text !== undefined) yield { path, text, resolve: (specifier) => project.resolve(path, specifier) };
  }
}
