/** A finding with places instead of nodes: what is left of it when the syntax tree is gone, for printing and for other programs. */
import { DRIVERS } from '../drivers/drivers.ts';
import type { Finding, HistoryStep } from '../findings/finding.ts';
import { isAtEnd } from '../findings/print-history.ts';
import type { Node } from '../syntax/estree.ts';

/** A stretch of a file. Lines and columns count from 1; the end is exclusive. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** One step of the way from the acquisition to where the connection is lost. */
export interface LocatedStep extends Place {
  readonly event: HistoryStep['event'];
  /** One phrase of plain English. */
  readonly text: string;
}

/** What was found at a place of a file. */
export interface LocatedFinding extends Place {
  /** Absolute, as the linter names it. */
  readonly file: string;
  /** With the prefix of the plugin: `connection-leaks/require-release`. */
  readonly rule: string;
  readonly severity: 'warning' | 'error';
  readonly message: string;
  /** The library whose table knows the call: `pg`; undefined where only the use of its result is known. */
  readonly library: string | undefined;
  /** Empty where the file could not be analysed again (a formatter does not see the settings of the lint). */
  readonly steps: readonly LocatedStep[];
}

/** Where `node` stands. */
export function placeOf({ loc }: Node): Place {
  return { line: loc.start.line, column: loc.start.column + 1, endLine: loc.end.line, endColumn: loc.end.column + 1 };
}

/** The way of `finding`, in the order in which it is walked. Steps at the same place are one. */
export function stepsOf(finding: Finding): LocatedStep[] {
  const steps: LocatedStep[] = [];
  for (const step of finding.history) {
    const { event, node, text } = step;
    const place = isAtEnd(step) ? endOf(placeOf(node)) : placeOf(node);
    const last = steps.at(-1);
    if (last?.line === place.line && last.column === place.column) steps[steps.length - 1] = { ...last, text: `${last.text}, ${text}` };
    else steps.push({ ...place, event, text });
  }
  return steps;
}

/** The last character of a function, where it ends. */
function endOf(place: Place): Place {
  return { ...place, line: place.endLine, column: Math.max(1, place.endColumn - 1) };
}

/** The library in an API path: `pg` of `pg › Pool › connect()`. */
export function libraryOf(path: string | undefined): string | undefined {
  const [first, ...rest] = path?.split(' › ') ?? [];
  // `knex()`: the module is itself the function that makes the pool.
  const library = first?.replace(/\(\)$/, '');
  return rest.length > 0 || DRIVERS.some((driver) => driver.library === library) ? library : undefined;
}
