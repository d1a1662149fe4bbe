/** The traces of a shape, found by running it under every choice. */
import ts from 'typescript';
import { exploreChoices, type Choose } from './explore-choices.ts';
import { printTrace, TRACE_LIMIT } from './shape.ts';

/** All traces of the function `source`, called with what the names `gets` stand for, with at most `TRACE_LIMIT` events. */
export async function executionTraces(source: string, gets: readonly string[]): Promise<Set<string>> {
  const code = /\busing\b/.test(source) ? lowerUsing(source) : `return (${source});`;
  const names = [...new Set(source.match(/\b[a-z]\d\b/g))];
  const traces = await exploreChoices(async (choose) => {
    const execution = new Execution(choose);
    const make = new Function('ExpectedError', ...names, code) as (...values: unknown[]) => (...values: unknown[]) => unknown;
    const shape = make(ExpectedError, ...names.map((name) => execution.callable(name)));
    const exit = await execution.run(shape, gets.map((name) => execution.value(name)));
    return execution.events.length > TRACE_LIMIT ? undefined : printTrace(execution.events, exit);
  });
  return new Set(traces.filter((trace) => trace !== undefined));
}

/** Node 20 has no `using`: TypeScript writes it out, as the specification has it. */
function lowerUsing(source: string): string {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.None, alwaysStrict: false };
  return ts.transpileModule(`const shape = ${source};\n`, { compilerOptions }).outputText + '\nreturn shape;';
}

/** Steps after which a shape that was cut off should have ended. */
const GIVEN_UP = 400;

class Execution {
  readonly events: string[] = [];
  private readonly choose: Choose;
  private steps = 0;
  /** What iterations gave: a `yield*` of it is no event of its own. */
  private readonly elements = new WeakSet();

  constructor(choose: Choose) {
    this.choose = choose;
  }

  /** Runs the shape to its end and says how it ended; a generator is driven by a consumer that goes on, throws or stops at each `yield`. */
  async run(shape: (...values: unknown[]) => unknown, parameters: unknown[]): Promise<'normal' | 'throw' | 'stop'> {
    try {
      const result = shape(...parameters);
      if (isGenerator(result)) return await this.consume(result);
      await result;
      return 'normal';
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      return 'throw';
    }
  }

  private async consume(generator: Generator | AsyncGenerator): Promise<'normal' | 'stop'> {
    const stopped = {};
    let result = await generator.next();
    while (result.done !== true) {
      if (!this.elements.has(result.value as object)) this.note('yield');
      const choice = this.pick(3);
      if (choice === 0) result = await generator.next();
      else if (choice === 1) result = await generator.throw(new ExpectedError('consumer'));
      else result = await generator.return(stopped);
    }
    return result.value === stopped ? 'stop' : 'normal';
  }

  /** Beyond the limit the trace counts no more: nothing is explored there, and calls throw or not in turn, so that the shape ends. */
  private pick(options: number): number {
    if (this.events.length <= TRACE_LIMIT) return this.choose(options);
    if (++this.steps > GIVEN_UP) throw new Error('the shape does not end');
    return (this.steps >> 1) % options;
  }

  private note(event: string): void {
    this.events.push(event);
  }

  private maybeThrow(): void {
    if (this.pick(2) === 1) throw new ExpectedError('call');
  }

  /** What a free name of the shape stands for. */
  callable(name: string): (...values: unknown[]) => unknown {
    const call = (): unknown => {
      this.note(name);
      if (!name.startsWith('p')) this.maybeThrow();
      return this.value(name);
    };
    // An ordinary function, because some shapes construct it.
    return function () {
      return call();
    };
  }

  /** What a call, parameter or property of this name gives. */
  value(name: string): unknown {
    switch (name.charAt(0)) {
      case 't':
        return this.pick(2) === 0;
      case 'v':
        return [1, undefined, null, 0][this.pick(4)];
      case 'k':
        return [1, 2, 3][this.pick(3)];
      case 'n':
      case 'm':
        return [undefined, null, this.object()][this.pick(3)];
      case 'q':
        return this.pick(2) === 0 ? undefined : this.callable(name);
      case 'o':
        return this.object();
      case 'u':
        return this.pick(2) === 0 ? undefined : this.object();
      case 'c':
        return class {};
      case 'i':
        return this.iterable();
      case 'y':
        return this.silentIterable();
      case 'a':
        return this.asyncIterable();
      case 'e':
        return Object.fromEntries(Array.from({ length: this.pick(TRACE_LIMIT + 1) }, (_, key) => [String(key), key]));
      case 'd':
        return this.disposable();
      case 'p':
        return this.pick(2) === 0 ? Promise.resolve() : Promise.reject(new ExpectedError('promise'));
      default:
        return 'nothing';
    }
  }

  /** An object whose properties are what their names say. */
  private object(): object {
    return new Proxy(
      {},
      {
        get: (_, property) => {
          if (typeof property !== 'string' || !/^[a-z]\d$/.test(property)) return undefined;
          return /^[noquv]/.test(property) ? this.value(property) : this.callable(property);
        },
      },
    );
  }

  private step(): IteratorResult<unknown> {
    this.note('step');
    this.maybeThrow();
    return this.pick(2) === 0 ? DONE : { done: false, value: this.element() };
  }

  private iterable(): object {
    return { [Symbol.iterator]: () => ({ next: () => this.step() }) };
  }

  /** Gives up to two elements, without events. */
  private silentIterable(): object {
    let rest = 2;
    const next = (): IteratorResult<unknown> => {
      this.maybeThrow();
      return rest-- === 0 || this.pick(2) === 0 ? DONE : { done: false, value: this.element() };
    };
    return {
      [Symbol.iterator]: () => ({
        next,
        return: (value: unknown) => ({ done: true, value }),
        throw: (error: unknown) => {
          throw error;
        },
      }),
    };
  }

  private element(): object {
    const element = this.object();
    this.elements.add(element);
    return element;
  }

  private asyncIterable(): object {
    return { [Symbol.asyncIterator]: () => ({ next: async () => this.step() }) };
  }

  private disposable(): object {
    if (this.pick(2) === 0) return {};
    const dispose = (): void => {
      this.note('dispose');
      this.maybeThrow();
    };
    return { [Symbol.dispose]: dispose, [Symbol.asyncDispose]: async () => dispose() };
  }
}

const DONE: IteratorResult<unknown> = { done: true, value: undefined };

/** Errors that belong to the shape; any other is a fault of the test. A TypeError of a `using` declaration is one of them. */
class ExpectedError extends Error {
  static override [Symbol.hasInstance](error: unknown): boolean {
    if (typeof error !== 'object' || error === null) return false;
    const { name, message } = error as Error;
    return Object.getPrototypeOf(error) === ExpectedError.prototype || name === 'SuppressedError' || /not disposable|is not async disposable/i.test(message);
  }
}

function isGenerator(value: unknown): value is Generator | AsyncGenerator {
  return typeof value === 'object' && value !== null && 'next' in value && 'return' in value;
}
