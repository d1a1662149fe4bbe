/** The sentences about roots: what is made again and again, what that costs when the program runs, and the way out. */
import type { TypeRow } from '../drivers/driver.ts';
import type { RunFrequency } from '../roots/run-frequency.ts';
import { excerpt } from '../syntax/excerpt.ts';
import type { Node, UnitNode } from '../syntax/estree.ts';
import { isFunctionNode } from '../syntax/estree.ts';
import { describeUnit } from '../syntax/file-index.ts';
import { describeCause } from './describe-finding.ts';
import type { LeakCause } from './finding.ts';

/** What a root that is made per call is reported with. `cause`: absent where no path closes it. */
export function describeRootPerCall(root: {
  construction: Node;
  type: TypeRow;
  name: string | undefined;
  frequency: RunFrequency & { often: 'many' };
  cause: LeakCause | undefined;
  unit: UnitNode;
  text: string;
}): string {
  const { type, name, frequency, cause, unit, text } = root;
  const call = `\`${excerpt(root.construction, text)}\``;
  const { holds, close = '' } = type.root ?? { holds: 'connections of its own' };
  const closes = `\`${close.replace('$', name ?? nameFor(type))}\``;
  const makes = `${call} makes a ${type.noun} of its own (${holds}) ${describeRuns(frequency)}`;
  const remedy = `Make it once, at the top level of a module, and share it; or close it in a \`finally\` block (${closes}).`;
  if (cause === undefined || cause.kind === 'not-disposable' || cause.kind === 'missed') return `${makes}, and nothing closes it: connections pile up until the database refuses more. ${remedy}`;
  return `${makes}, and it is not closed ${describeCause(cause, unit, text)}: its connections stay open. ${remedy}`;
}

function nameFor(type: TypeRow): string {
  return type.noun.split(' ').at(-1)!.toLowerCase();
}

/** How often it is made, and what shows that. */
function describeRuns({ why, shownBy }: RunFrequency & { often: 'many' }): string {
  switch (why) {
    case 'loop':
      return `in each turn of the loop on line ${String(shownBy.loc.start.line)}`;
    case 'registered':
      return `each time the function that line ${String(shownBy.loc.start.line)} registers is called`;
    case 'exported':
    case 'method': {
      const name = isFunctionNode(shownBy) ? describeUnit(shownBy) : undefined;
      return name?.startsWith('`') === true ? `on each call of ${name}` : `on each call of the function on line ${String(shownBy.loc.start.line)}`;
    }
  }
}
