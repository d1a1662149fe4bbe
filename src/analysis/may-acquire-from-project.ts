import type { Driver } from '../drivers/driver.ts';
import type { Pair } from '../drivers/generic.ts';
import { hasWord } from '../syntax/has-word.ts';
import { handingNamesOf } from './handing-names.ts';
import type { ProjectPlace } from './linked-models.ts';
import { isTouched, namesAcquisition } from './may-acquire.ts';

/** Something that is imported from another file: by a path, an alias, or the name of a package. */
const IMPORTS = /\b(?:from|import|require\s*\()\s*\(?\s*['"`]/;

/**
 * Whether the text of a file may call an acquiring method on what another file of its project gives it, or a function there that hands something
 * out: it names one of them, and imports something that has to do with a driver. Asked when the file alone shows no acquisition. `place` finds the
 * project, and is asked last.
 */
export function mayAcquireFromProject(text: string, drivers: readonly Driver[], pairs: readonly Pair[], place: () => ProjectPlace | undefined): boolean {
  const found = IMPORTS.test(text) ? place() : undefined;
  if (found === undefined) return false;
  const names = handingNamesOf(found.project, drivers, pairs);
  const touched = names.touchedBy(found.path, text);
  if (isTouched(touched) && namesAcquisition(text, drivers, pairs, touched.drivers)) return true;
  return hasWord(text, names.importedInto(found.path, text));
}
