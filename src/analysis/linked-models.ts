import type { Project } from '../project/project.ts';
import type { SourceFile } from '../project/source-files.ts';
import { withAliases } from './handing-functions.ts';
import { handingNamesOf } from './handing-names.ts';
import { ModelFamily, ProgramModel, type ModelInput } from './program-model.ts';

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
  const models = new Map<string, ProgramModel | null>();
  const imports = (path: string) => (specifier: string): ProgramModel | null => {
    const target = project.resolve(path, specifier);
    return target === undefined ? null : modelAt(target);
  };
  const handingNames = handingNamesOf(project, drivers, pairs);
  const linksOf = (path: string, text: string): Pick<ModelInput, 'path' | 'imports' | 'handingNames' | 'family'> => {
    let names: ReadonlySet<string> | undefined;
    return { path, imports: imports(path), handingNames: () => (names ??= withAliases(handingNames.importedInto(path, text), text)), family };
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
  const root = new ProgramModel({ ...input, ...linksOf(place.path, input.text) });
  models.set(place.path, root);
  return root;
}
