/** The sentences about roots: what is made again and again, what that costs when the program runs, and the way out. */
import type { TypeRow } from '../drivers/driver.ts';
import type { RunFrequency } from '../roots/run-frequency.ts';
import { excerpt } from '../syntax/excerpt.ts';
import { isFunctionNode, type Node, type UnitNode } from '../syntax/estree.ts';
import { describeUnit } from '../syntax/file-index.ts';
import { describeCause } from './describe-finding.ts';
import type { LeakCause } from './finding.ts';

/** What a root that is made per call is reported with. */
export function describeRootPerCall(root: {
  construction: Node;
  type: TypeRow;
  name: string | undefined;
  /** How the code would close it; `$` stands for its name. */
  close: string;
  frequency: RunFrequency & { often: 'many' };
  /** What makes a path leave without closing it; absent where no path closes it. */
  cause: LeakCause | undefined;
  unit: UnitNode;
  /** Whether its end belongs into a callback. */
  inCallback: boolean;
  text: string;
}): string {
  const { type, frequency, cause, unit, text } = root;
  const closes = `\`${root.close.replace(/\$(?=\.)/g, () => root.name ?? nameFor(type))}\``;
  const place = root.inCallback ? 'on every path through the callback' : 'in a `finally` block';
  const makes = `\`${excerpt(root.construction, text)}\` makes another ${type.noun} (${type.root?.holds ?? 'with connections of its own'}) ${describeRuns(frequency)}`;
  const closed = cause === undefined || cause.kind === 'not-disposable' || cause.kind === 'missed' ? 'nothing closes it' : `it is not closed ${describeCause(cause, root.construction, false, unit, text)}`;
  const stays = type.root?.stays ?? 'as long as the process lives';
  return `${makes}, and ${closed}: what it opened stays open ${stays}. Make it once, at the top level of a module, and share it; or close it ${place} (${closes}).`;
}

function nameFor(type: TypeRow): string {
  return type.noun.split(' ').at(-1)!.toLowerCase();
}

/** How often it is made, and what shows that. */
function describeRuns({ why, shownBy }: RunFrequency & { often: 'many' }): string {
  const line = `line ${String(shownBy.loc.start.line)}`;
  switch (why) {
    case 'loop':
      return `in each turn of the loop on ${line}`;
    case 'registered':
      return `each time the function that ${line} registers is called`;
    case 'exported':
    case 'method': {
      const name = isFunctionNode(shownBy) ? describeUnit(shownBy) : undefined;
      return name?.startsWith('`') === true ? `on each call of ${name}` : `on each call of the function on ${line}`;
    }
  }
}
