/**
 * What a construct knows when it is written: the program so far, the function it stands in, the variables in reach.
 */
import type { DriverIdiom } from './driver-idiom.ts';
import type { SeededRandom } from '../seeded-random.ts';

/** Statements as lines, and whether control never comes out at their end. */
export interface Written {
  readonly lines: readonly string[];
  readonly ends: boolean;
}

/** A variable that holds a handle on some paths. */
export interface HandleVariable {
  readonly name: string;
  /** May it be undefined when it is read? */
  readonly nullable: boolean;
  readonly reassignable: boolean;
  /** Does the code around expect it to be undefined at the end, so that a release may be followed by `= undefined`? */
  readonly mayBeForgotten?: boolean;
  /** Has the protocol that acquired it already released it? Such variables are seldom touched again. */
  isDone: boolean;
}

/** The whole module while it is being written. */
export class ProgramDraft {
  /** Declarations before the entry: helpers, factories, classes. */
  readonly declarations: string[] = [];
  readonly methods: string[] = [];
  readonly imports = new Set<string>();
  readonly parameters = new Map<string, string>();
  private readonly helpers = new Map<string, string>();
  private counter = 0;

  constructor(
    readonly random: SeededRandom,
    readonly idiom: DriverIdiom,
    /** Share of handle references in TypeScript wrappers; 0 in plain JavaScript. */
    public wrapping: number,
    /** Do generic acquisitions stand in an `await`? */
    readonly awaitsGeneric: boolean,
    /** Expression of the pool inside module-level helpers. */
    readonly modulePool: string,
    /** Constructs left before the program is big enough. */
    public budget: number,
    /** Names of what the program contains. */
    readonly constructs: Set<string>,
  ) {
    for (const line of idiom.imports) this.imports.add(line);
  }

  number(): number {
    return ++this.counter;
  }

  fresh(base: string): string {
    return `${base}${this.number()}`;
  }

  get isTypeScript(): boolean {
    return this.wrapping > 0;
  }

  annotate(type: string): string {
    return this.isTypeScript ? `: ${type}` : '';
  }

  /** A module-level helper, declared when it is first asked for. */
  helper(kind: string, declare: (name: string) => readonly string[]): string {
    const known = this.helpers.get(kind);
    if (known !== undefined && this.random.chance(0.7)) return known;
    const name = this.fresh(kind);
    this.helpers.set(kind, name);
    this.constructs.add(`helper ${kind}`);
    this.declarations.push(...declare(name));
    return name;
  }
}

export interface LoopFrame {
  readonly label: string | undefined;
  readonly isLoop: boolean;
  readonly isSwitch: boolean;
}

/** How code that cannot `return` or `throw` its outcome tells it: calls of `cb`, or of `resolve` and `reject`. */
export interface Outcome {
  fail(error: string): string;
  succeed(value: string): string;
}

export class WritingScope {
  /** Set in functions in callback style, and inside the executor of a promise. */
  outcome: Outcome | undefined;

  constructor(
    readonly draft: ProgramDraft,
    readonly pool: string,
    readonly isAsync: boolean,
    readonly isGenerator: boolean,
    /** May `return` carry a value that the caller of the entry gets? */
    readonly isEntry: boolean,
    readonly depth: number,
    readonly handles: HandleVariable[],
    readonly frames: readonly LoopFrame[],
    /** May `this` be another one than the entry's? */
    readonly isInnerFunction = false,
  ) {}

  get random(): SeededRandom {
    return this.draft.random;
  }

  get idiom(): DriverIdiom {
    return this.draft.idiom;
  }

  /** Can a handle be acquired by a statement here? Promises need an `await`, and a driver that only takes callbacks gives nothing back. */
  get canAcquire(): boolean {
    const takesCallbacksOnly = this.idiom.callback !== undefined && this.idiom.acquireCall(this.pool) === undefined;
    return !takesCallbacksOnly && (this.isAsync || !this.idiom.isPromise);
  }

  /** An opaque test, sometimes made of several. */
  test(): string {
    const one = (): string => `${this.random.chance(0.15) ? '!' : ''}cond(${this.number()})`;
    const form = this.random.below(14);
    if (form === 0) return `${one()} && ${one()}`;
    if (form === 1) return `${one()} || ${one()}`;
    if (form === 2) return `${one()} ? ${one()} : ${one()}`;
    if (form === 3) return `${one()} ?? ${one()}`;
    return one();
  }

  /** The scope of a nested block. */
  block(frame?: LoopFrame): WritingScope {
    const frames = frame ? [...this.frames, frame] : this.frames;
    const scope = new WritingScope(this.draft, this.pool, this.isAsync, this.isGenerator, this.isEntry, this.depth + 1, [...this.handles], frames, this.isInnerFunction);
    scope.outcome = this.outcome;
    return scope;
  }

  /** The scope of a function declared here; it sees the handles of this one. */
  inner(isAsync: boolean, isGenerator = false): WritingScope {
    const scope = new WritingScope(this.draft, this.pool, isAsync, isGenerator, false, this.depth + 1, [...this.handles], [], true);
    scope.outcome = this.outcome;
    return scope;
  }

  /** The scope of a module-level function of the program. */
  static ofHelper(draft: ProgramDraft, isAsync: boolean): WritingScope {
    return new WritingScope(draft, draft.modulePool, isAsync, false, false, 2, [], []);
  }

  /** The scope of another method of the entry's class. */
  static ofMethod(scope: WritingScope): WritingScope {
    return new WritingScope(scope.draft, scope.pool, scope.isAsync, false, false, 2, [], []);
  }

  /** Stands this in a method whose class has the pool in a field? */
  get isMethod(): boolean {
    return this.pool.startsWith('this.') && !this.isInnerFunction;
  }

  declare(name: string, nullable: boolean, reassignable: boolean): HandleVariable {
    const handle: HandleVariable = { name, nullable, reassignable, isDone: false };
    this.handles.push(handle);
    return handle;
  }

  fresh(base: string): string {
    return this.draft.fresh(base);
  }

  number(): number {
    return this.draft.number();
  }

  /** A new name for a handle, in the manner of the driver. */
  freshHandle(): string {
    return this.fresh(this.random.pick(this.idiom.name.startsWith('pg') ? ['client', 'c', 'db'] : ['conn', 'connection', 'c']));
  }

  /** A reference to a handle, sometimes inside a TypeScript wrapper. */
  reference(name: string): string {
    if (!this.random.chance(this.draft.wrapping)) return name;
    this.draft.constructs.add('type wrapper');
    return this.random.pick([`(${name} as any)`, `${name}!`, `(${name} satisfies unknown)`]);
  }

  /** The expression that yields a handle, with its `await`; undefined where that takes statements. */
  acquireExpression(): string | undefined {
    const isWrapped = this.random.chance(this.draft.wrapping / 2);
    const call = this.idiom.acquireCall(isWrapped ? `${this.pool}!` : this.pool);
    if (call === undefined) return undefined;
    const expression = this.idiom.isPromise || (this.isAsync && this.draft.awaitsGeneric) ? `await ${call}` : call;
    return this.random.chance(this.draft.wrapping / 2) ? `((${expression}) as any)` : expression;
  }

  /** Statements that put a fresh handle into `const x`, `let x` or `x`. */
  acquireInto(target: string): string[] {
    const expression = this.acquireExpression();
    if (expression !== undefined) return [`${target} = ${expression};`];
    return [`${target} = new Client();`, `await ${target.replace(/^(const|let) /, '')}.connect();`];
  }

  /** The expression that releases a handle, with an `await` where that is usual. */
  releaseExpression(reference: string, optional: boolean): string {
    const pool = this.pool.startsWith('this.') && !this.isMethod ? undefined : this.pool;
    const call = this.idiom.releaseCall(reference, pool, optional, this.random);
    if (this.isAsync && this.idiom.releaseIsPromise && this.random.chance(0.85)) return `await ${call}`;
    return this.isAsync && this.draft.awaitsGeneric && !this.idiom.isPromise ? `await ${call}` : call;
  }

  /** A statement that releases the handle if it is there. */
  release(handle: HandleVariable): string[] {
    const reference = this.reference(handle.name);
    if (!handle.nullable) return [`${this.releaseExpression(reference, this.random.chance(0.06))};`];
    const { random } = this;
    const form = random.below(this.idiom.releaseTakesUndefined ? 4 : 5);
    const plain = this.releaseExpression(handle.name, false);
    if (form === 0) return [`if (${handle.name}) ${plain};`];
    if (form === 1) return [`if (${handle.name} ${random.pick(['!== undefined', '!= null'])}) {`, `  ${plain};`, '}'];
    if (form === 2) return [`${handle.name} && ${plain.startsWith('await') ? `(${plain})` : plain};`];
    if (this.idiom.releaseTakesUndefined) return [`if (${handle.name}) { ${plain}; }`];
    return [`${this.releaseExpression(handle.name, true)};`];
  }

  /** A statement that queries; `optional` where the handle may be missing. */
  query(handle: HandleVariable): string {
    const call = this.idiom.queryCall(this.reference(handle.name), this.number(), handle.nullable, this.random);
    return this.isAsync ? `await ${call}` : call;
  }

  /** Handles that have not been released by their own protocol; seldom also the others. */
  usableHandles(): HandleVariable[] {
    return this.handles.filter((handle) => !handle.isDone || this.random.chance(0.06));
  }
}

export function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

/** `head {` … `}`. */
export function braced(head: string, lines: readonly string[], tail = ''): string[] {
  return [`${head} {`, ...indent(lines), `}${tail}`];
}
