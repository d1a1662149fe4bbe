/**
 * Functions as text: the arguments of chains and callbacks.
 */
import type { SeededRandom } from '../seeded-random.ts';
import { indent } from './writing-scope.ts';

export interface FunctionStyle {
  readonly isAsync?: boolean;
  /** May it be written with the keyword, where `this` is another? */
  readonly mayBeKeyword?: boolean;
}

/** A function over several lines or, where its body is one `return`, sometimes an expression arrow. */
export function functionText(random: SeededRandom, params: string, lines: readonly string[], { isAsync = false, mayBeKeyword = false }: FunctionStyle = {}): string {
  const prefix = isAsync ? 'async ' : '';
  const body = indent(lines.flatMap(statementLines));
  const [only] = lines;
  const text = lines.length === 1 && only !== undefined ? /^return ([^{[][^]*);$/.exec(only)?.[1] : undefined;
  if (text !== undefined && random.chance(0.7)) return `${prefix}(${params}) => ${text}`;
  if (mayBeKeyword && random.chance(0.12)) return [`${prefix}function (${params}) {`, ...body, '}'].join('\n');
  return [`${prefix}(${params}) => {`, ...body, '}'].join('\n');
}

/** A text as the lines of a statement. */
export function statementLines(text: string): string[] {
  return text.split('\n');
}
