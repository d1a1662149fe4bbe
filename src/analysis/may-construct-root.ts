/** Whether a file may make a root (a pool, a DataSource, a client that pools): cheap questions that most files answer with no, before anything is walked. */
import type { Driver } from '../drivers/driver.ts';
import type { Pair } from '../drivers/generic.ts';
import { eachImport } from '../syntax/each-import.ts';
import { hasWord } from '../syntax/has-word.ts';
import { handingNamesOf } from './handing-names.ts';
import type { ProjectPlace } from './linked-models.ts';
import { namesRootModule } from './root-names.ts';

/** Whether the text names a module that makes roots, or a function of another file of its project that may hand one out. `place` finds the project, and is asked last. */
export function mayConstructRoot(text: string, drivers: readonly Driver[], pairs: readonly Pair[], place: () => ProjectPlace | undefined): boolean {
  if (namesRootModule(text, drivers)) return true;
  const found = eachImport(text).next().done === true ? undefined : place();
  return found !== undefined && hasWord(text, handingNamesOf(found.project, drivers, pairs).rootsImportedInto(found.path, text));
}
