/** The preconditions of the fixes. Each has a name, and a sentence that says why there is no edit where it is false. */

export const BLOCKED_REASONS = {
  'not in a variable': 'the connection is not kept in a constant that is declared in a statement of its own',
  'escapes': 'on some path somebody else gets the connection',
  'not followed': 'what happens to the connection on some path is not known',
  'reassigned': 'the variable holds something else on some paths',
  'ends by commit or rollback': 'the transaction has to be committed or rolled back, and the code does not say which',
  'misused': 'the connection is released twice or used after its release on some path',
  'released elsewhere': 'another function releases the connection',
  'released in a callback': 'the release runs later, in a function that somebody else calls',
  'release with an argument': 'the release says what to do with the connection',
  'different releases': 'the connection is released in several ways',
  'release is part of an expression': 'the release is no statement of its own',
  'release that may fail': 'the release may fail, and what follows would come before it',
  'alias': 'the connection has a second name',
  'captured': 'a function that may run later uses the connection',
  'callback style': 'the result comes by a callback, after the function has gone on',
  'unfinished': 'a promise that still needs the connection is not awaited',
  'used as a stream': 'the connection is needed as long as its result is read',
  'listens': 'the connection listens to what the database sends',
  'await behind the release': 'after the release the code waits for something else, and would hold the connection meanwhile',
  'declared inside': 'what is declared while the connection is held is used elsewhere',
  'disposal': 'a using declaration ends together with the block',
  'transaction left open': 'a transaction that was begun on the connection is still open when the function is left',
  'no spelling': 'nothing says how this connection is released',
  'nothing to wrap': 'nothing is done while the connection is held',
  'several queries': 'more than one thing is done with the connection',
  'not the first thing': 'something else happens between the acquisition and the query',
  'needs a connection of its own': 'what is sent begins or ends something that belongs to one connection',
  'no single shot': 'the library has no call that takes a connection and gives it back by itself, or the pool is not named',
} as const;

export type BlockedReason = keyof typeof BLOCKED_REASONS;
