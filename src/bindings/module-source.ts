import type { Driver } from '../drivers/driver.ts';
import type { FunctionNode } from '../syntax/estree.ts';
import type { Bindings } from './bindings.ts';
import type { Entity } from './entity.ts';

/**
 * A module of the project, as bindings ask for it: the seam to other files. `src/project` makes these; bindings read no file.
 *
 * One module is one object: `import` gives the same one whenever specifiers name the same file, and the module of the file that asks
 * when a circle of imports leads back to it. The bindings of one project share their `circle` (`BindingsInput`).
 */
export interface ModuleSource {
  /** Which file it is: for messages, never read. */
  readonly path: string;
  /** What the expressions of the module stand for. Read only when something is asked of the module, so it may be made late. */
  readonly bindings: Bindings;
  /** The module of the same project that `specifier` names in this module; null for a package, and for what is not found or cannot be read. */
  import(specifier: string): ModuleSource | null;
  /** Whether the module that `specifier` names in this module may export `name`, by its text: false only where it surely does not. Absent: it may. */
  mayExport?(specifier: string, name: string): boolean;
  /** The table of the library whose exports `specifier` offers because they were generated into this project; absent: nothing is generated. */
  generatedLibrary?(specifier: string): Driver | undefined;
  /** What the file that is analysed gives for the parameter at `index` of `unit`, a function of this module, when it is another file and calls it. */
  givenByCaller?(unit: FunctionNode, index: number): Entity | undefined;
}
