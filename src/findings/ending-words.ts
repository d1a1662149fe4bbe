/** How the end of a duty is called, for sentences: a connection is released, a session ended, a file closed, a transaction committed or rolled back. */
import type { TypeRow } from '../drivers/driver.ts';

/** The words for one kind of end; `$` stands for what is ended. */
export interface EndingWords {
  /** Behind "was already", and behind "never". */
  readonly done: string;
  /** Behind "is": nothing did it. */
  readonly notDone: string;
  /** What to do where something went wrong. */
  readonly undo: string;
  /** What to do where nothing did. */
  readonly finish: string;
  /** What the code does a second time. */
  readonly act: string;
  /** Behind "leaves", where nothing was thrown. */
  readonly leaves: string;
  /** Of a step on the path, in front of the call that did it. */
  readonly by: string;
}

type Ending = NonNullable<TypeRow['ending']> | 'release';

const WORDS: Readonly<Record<Ending, EndingWords>> = {
  release: { done: 'released', notDone: 'not released', undo: 'release $', finish: 'release $', act: 'release', leaves: 'without a release', by: 'released by' },
  end: { done: 'ended', notDone: 'not ended', undo: 'end $', finish: 'end $', act: 'end', leaves: 'without ending it', by: 'ended by' },
  close: { done: 'closed', notDone: 'not closed', undo: 'close $', finish: 'close $', act: 'close', leaves: 'without closing it', by: 'closed by' },
  'commit or rollback': {
    done: 'committed or rolled back',
    notDone: 'neither committed nor rolled back',
    undo: 'roll $ back',
    finish: 'commit $ or roll it back',
    act: 'rollback',
    leaves: 'with the transaction open',
    by: 'ended by',
  },
};

/** The words for what has to happen to a resource of this type. */
export function endingWords({ ending }: TypeRow): EndingWords {
  return WORDS[ending ?? 'release'];
}

/** Whether the end depends on how things went: what goes well is committed, so that no `finally` block can end it for all paths alike. */
export function endsByOutcome({ ending }: TypeRow): boolean {
  return ending === 'commit or rollback';
}
