/**
 * Instrumentation changes nothing that a program can see: generated programs do the same, call for call, as the same text
 * put through TypeScript's own transpiler and run without any of it.
 */
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ExecutionRuntime } from './executor/execution-runtime.ts';
import { findCaptures } from './executor/find-captures.ts';
import { findEntries, type EntryPoint } from './executor/find-entries.ts';
import { instrumentProgram } from './executor/instrument-program.ts';
import { parseSource } from './executor/parse-source.ts';
import { generateProgram } from './generator/generate-program.ts';
import { SeededRandom } from './seeded-random.ts';

/**
 * Un-awaited calls interleave with the rest; how many ticks a function takes is not what is compared here. `import()` and
 * `new Client()` are replaced by the runtime itself.
 */
const NOT_COMPARED = ['import()', 'floating helper', 'un-awaited work', 'un-awaited query', 'dropped acquisition', 'pending acquisition', 'driver pg-client'];

/** A world whose calls are logged and whose outcomes follow from a seed, in the order of the calls. */
class SeededWorld {
  readonly log: string[] = [];
  private readonly random: SeededRandom;
  private handles = 0;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
  }

  private effect(name: string, ...values: unknown[]): void {
    this.log.push(`${name}(${values.filter((value) => typeof value !== 'object').join(', ')})`);
    if (this.random.chance(0.15)) throw new Error(`${name} ${this.log.length}`);
  }

  /** A driver call; some programs do not wait for it. */
  private promise(call: () => object): Promise<object> {
    const result = (async () => call())();
    result.catch(() => undefined);
    return result;
  }

  private handle(): object {
    const id = ++this.handles;
    const note = (what: string): void => void this.log.push(`${what} of handle ${id}`);
    const query = (text: string): Promise<object> => this.promise(() => (this.effect(`query of handle ${id}`, text), {}));
    return {
      query, execute: query, commit: query,
      release: () => note('release'), destroy: () => note('destroy'), end: async () => note('end'),
      async [Symbol.asyncDispose]() { note('dispose'); },
    };
  }

  private pool(): object {
    const acquire = (): Promise<object> => this.promise(() => (this.effect('acquire'), this.handle()));
    const giveBack = (handle: unknown): void => void this.log.push(`give back ${typeof handle}`);
    return { connect: acquire, getConnection: acquire, releaseConnection: giveBack, query: async () => this.effect('pool query') };
  }

  module(name: string): Record<string, unknown> {
    const pool = (): object => this.pool();
    if (name === 'pg') return { Pool: function () { return pool(); } };
    if (name === 'mysql2/promise') return { createPool: pool };
    return new Proxy({}, { get: (_target, key) => (key === '__esModule' ? true : this.global(String(key))) });
  }

  global(name: string): unknown {
    const random = this.random;
    const effect = (...values: unknown[]): void => this.effect(name, ...values);
    switch (name) {
      case 'cond':
        return (k: number) => (effect(k), random.chance(0.4));
      case 'size':
        return (k: number) => (effect(k), random.chance(0.5) ? 0 : Infinity);
      case 'pick':
        return (k: number) => (effect(k), random.below(3));
      case 'table':
        return (k: number) => (effect(k), random.chance(0.5) ? {} : { a: 1 });
      case 'items':
        return function* (k: number) { for (effect(k); random.chance(0.5); effect('next')) yield k; };
      case 'rows':
        return async function* (k: number) { for (effect(k); random.chance(0.5); effect('next')) yield k; };
      case 'registry':
        return {};
      case 'console':
        return { log: () => effect('log'), warn: () => effect('warn'), error: () => effect('error') };
      case 'process':
        return { exit: () => { throw new Error('exit'); } };
      case 'db': {
        const acquire = (): object => (effect('acquire'), this.handle());
        const release = (): void => void this.log.push('give back');
        return { getconn: acquire, putconn: release, acquireConnection: acquire, releaseConnection: release };
      }
      case 'get_db_connection':
        return () => (effect('acquire'), this.handle());
      case 'release_db_connection':
        return () => void this.log.push('give back');
      default:
        return function (...values: unknown[]) { effect(...values); };
    }
  }

  /** Runs an entry; a generator is consumed, stopped or thrown into as the seed has it. */
  async run(exported: Record<string, unknown>, entry: EntryPoint): Promise<string[]> {
    try {
      let receiver: unknown = exported[entry.binding];
      let callee = receiver;
      if (entry.method) {
        if (!entry.method.isStatic) receiver = new (receiver as new (pool: object) => object)(this.pool());
        callee = (receiver as Record<string, unknown>)[entry.method.name];
      }
      const values = entry.arguments.map((argument) => {
        if (argument.kind === 'pool') return this.pool();
        if (argument.kind === 'options') return { client: this.random.chance(0.5) ? this.handle() : undefined };
        return argument.kind === 'maybe-handle' && this.random.chance(0.5) ? undefined : this.handle();
      });
      const result: unknown = (callee as (...args: unknown[]) => unknown).apply(receiver, values);
      this.log.push(`result ${typeof (entry.isGenerator ? await this.consume(result as Generator) : await result)}`);
    } catch (error) {
      const { name, message } = error as Error;
      this.log.push(error instanceof TypeError ? 'TypeError' : `${name} ${message}`);
    }
    return this.log;
  }

  private async consume(generator: Generator): Promise<unknown> {
    let step = await generator.next();
    while (!step.done) {
      this.log.push('yielded');
      const choice = this.random.below(4);
      step = choice === 0 ? await generator.return(undefined) : choice === 1 ? await generator.throw(new Error('thrown in')) : await generator.next();
    }
    return step.value;
  }
}

function instrumented(source: string, world: SeededWorld, entry: EntryPoint): { exported: Record<string, unknown>; runtime: ExecutionRuntime } {
  const { files, sites } = instrumentProgram([parseSource(source)], () => [entry.binding]);
  const runtime = new ExecutionRuntime(sites, 12, (name) => world.global(name));
  const instantiate = new Function('rt', '__module', files[0]?.code ?? '') as (rt: ExecutionRuntime, module: (name: string) => unknown) => { reached: Record<string, unknown> };
  return { exported: instantiate(runtime, (name) => world.module(name)).reached, runtime };
}

function transpiled(source: string, entry: EntryPoint): (world: SeededWorld) => Record<string, unknown> {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, esModuleInterop: true };
  const { outputText } = ts.transpileModule(source.replace(/^export /gm, ''), { compilerOptions });
  const { globals } = findCaptures(parseSource(source));
  const make = new Function('exports', 'require', ...globals, `${outputText}\nreturn { ${entry.binding} };`) as (...values: unknown[]) => Record<string, unknown>;
  return (world) => make({}, (name: string) => world.module(name), ...globals.map((name) => world.global(name)));
}

describe('instrumented programs', () => {
  it('do what the plain ones do', async () => {
    let compared = 0;
    let calls = 0;
    for (let index = 0; index < 150; index++) {
      const { source, constructs } = generateProgram(31, index);
      if (NOT_COMPARED.some((name) => constructs.has(name))) continue;
      for (const entry of findEntries([parseSource(source)]).entries) {
        const plain = transpiled(source, entry);
        for (let seed = 0; seed < 6; seed++) {
          const world = new SeededWorld(seed);
          const { exported, runtime } = instrumented(source, world, entry);
          const log = await world.run(exported, entry);
          if (runtime.stopped) continue; // loops beyond the bound
          const plainWorld = new SeededWorld(seed);
          expect(await plainWorld.run(plain(plainWorld), entry), `${entry.name}, seed ${seed}\n${source}`).toEqual(log);
          compared++;
          calls += log.length;
        }
      }
    }
    expect(compared).toBeGreaterThan(500);
    expect(calls / compared).toBeGreaterThan(4);
  }, 60_000);
});
