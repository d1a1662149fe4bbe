/**
 * The other module of a program: what it exports (a pool, functions, an object, an instance, a class), how it exports it, and what each
 * of its members does. The program's own file is written as over any driver, whose idiom is the one that stands here.
 */
import { joinFiles } from '../program-files.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { DriverIdiom } from './driver-idiom.ts';
import { effect } from './effect-constructs.ts';
import { functionText, statementLines } from './function-text.ts';
import { lendingBody } from './scoped-constructs.ts';
import { braced, indent, ProgramDraft, WritingScope, type HandleVariable } from './writing-scope.ts';

/** What the program's own file can ask of the other module, as callees; the pool is the expression that stands for it there. */
export interface OtherModule {
  readonly style: ModuleStyle;
  /** Must the program be written without types? */
  readonly isJavaScript: boolean;
  /** Undefined where the class that has the function cannot be named. */
  lend(pool: string): string | undefined;
  commit(pool: string): string;
  rollback(pool: string): string;
  /** The whole program, given the text of the program's own file. */
  program(main: string): string;
}

/** Does the program's own code stand in a class that is given the module's class, or extends it? */
export const isClassStyle = (style: ModuleStyle): boolean => style === 'injected' || style === 'base';

export type ModuleStyle = 'functions' | 'pool' | 'object' | 'instance' | 'namespace' | 'injected' | 'base' | 'default function';
type ExportStyle = 'plain' | 'renamed' | 'default' | 'barrel' | 'commonjs' | 'all commonjs';

const STYLES: readonly (readonly [style: ModuleStyle, weight: number, exports: readonly ExportStyle[]])[] = [
  ['functions', 5, ['plain', 'plain', 'renamed', 'barrel', 'commonjs', 'all commonjs']],
  ['pool', 2, ['plain', 'barrel', 'commonjs', 'all commonjs']],
  ['object', 2.5, ['plain', 'default', 'barrel', 'commonjs', 'all commonjs']],
  ['instance', 2.5, ['plain', 'default', 'barrel', 'commonjs']],
  ['namespace', 1.5, ['plain', 'barrel']],
  ['injected', 3, ['plain', 'barrel', 'default']],
  ['base', 2, ['plain', 'barrel', 'default']],
  ['default function', 1, ['default', 'barrel']],
];

export const MODULE_NAMES: readonly string[] = [...STYLES.map(([style]) => `module ${style}`), ...(['plain', 'renamed', 'default', 'barrel', 'commonjs', 'all commonjs'] as const).map((style) => `export ${style}`)];

/** A line of the program's own file that its imports of the other module take the place of. */
const IMPORTS = '// imports of the other module';

interface Member {
  readonly name: string;
  readonly params: string;
  readonly isAsync: boolean;
  readonly lines: readonly string[];
}

interface MemberNames {
  readonly open: string;
  readonly close: string;
  readonly lend: string;
  readonly commit: string;
  readonly rollback: string;
  readonly callBack: string;
}

/** The idiom of a program over another module that wraps the driver of `base`. */
export function otherModuleIdiom(random: SeededRandom, base: DriverIdiom, constructs: Set<string>): DriverIdiom {
  const [style, , exportStyles] = random.pickWeighted(STYLES.filter(([name]) => base.poolInitialiser !== undefined || !/pool|injected|base/.test(name)), ([, weight]) => weight);
  const exportStyle = random.pick(exportStyles);
  constructs.add(`module ${style}`).add(`export ${exportStyle}`);
  const names: MemberNames = {
    open: random.pick(['getClient', 'openClient', 'takeConnection', 'getConnection']),
    close: random.pick(['releaseClient', 'safeRelease', 'closeClient']),
    lend: random.pick(['withClient', 'runWithClient']),
    commit: random.pick(['commitAndRelease', 'finishTransaction']),
    rollback: random.pick(['rollbackAndRelease', 'abortTransaction']),
    callBack: 'openWith',
  };
  const isOnReceiver = style !== 'functions' && style !== 'pool' && style !== 'default function';
  const access = (pool: string | undefined, name: string): string => (style === 'base' && pool !== 'pool' ? `this.${name}` : isOnReceiver ? `${pool ?? 'db'}.${name}` : name);
  const closes = random.chance(0.45);
  const text = new ModuleText(random, base, style, exportStyle, names, constructs);
  return {
    ...base,
    imports: base.name === 'pg-client' ? [...base.imports, IMPORTS] : [IMPORTS],
    poolInitialiser: undefined,
    poolName: style === 'pool' || isClassStyle(style) ? 'pool' : 'db',
    poolType: undefined,
    callback: base.name === 'pg' && (style === 'object' || style === 'instance' || style === 'namespace') ? { method: names.callBack, hasDone: true } : style === 'pool' ? base.callback : undefined,
    acquireCall: (pool) => (/^pool!?$/.test(pool) && (style === 'pool' || isClassStyle(style)) ? (base.acquireCall(pool) ?? '') : `${access(pool, names.open)}()`),
    releaseCall(handle, pool, optional, current) {
      // Where the pool cannot be named, its methods cannot be called; a missing handle has none to call.
      const canName = pool !== undefined && !(isOnReceiver && pool === 'pool');
      if (closes && canName && !optional && current.chance(0.8)) return `${access(pool, names.close)}(${handle})`;
      return base.releaseCall(handle, undefined, optional, current);
    },
    releaseIsPromise: base.releaseIsPromise || (closes && text.closesLater),
    dispose: 'unknown',
    other: {
      style,
      isJavaScript: exportStyle === 'all commonjs',
      lend: (pool) => (isOnReceiver && pool === 'pool' ? undefined : access(pool, names.lend)),
      commit: (pool) => access(pool, names.commit),
      rollback: (pool) => access(pool, names.rollback),
      program: (main) => text.program(main),
    },
  };
}

/** Writes the files of the module, with the members that the program's own file names. */
class ModuleText {
  /** Does the releasing member return a promise? */
  readonly closesLater: boolean;
  private readonly draft: ProgramDraft;
  private readonly pool: string;

  constructor(
    private readonly random: SeededRandom,
    private readonly base: DriverIdiom,
    private readonly style: ModuleStyle,
    private readonly exportStyle: ExportStyle,
    private readonly names: MemberNames,
    constructs: Set<string>,
  ) {
    this.pool = style === 'instance' || isClassStyle(style) ? 'this.pool' : 'pool';
    this.draft = new ProgramDraft(random, base, 0, false, this.pool, 0, constructs);
    this.closesLater = base.releaseIsPromise || random.chance(0.3);
  }

  program(main: string): string {
    const isNamed = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(main);
    const members = this.members().filter(({ name }) => isNamed(name));
    if (members.length === 0) members.push(this.opener(false));
    const isCommonJs = this.exportStyle === 'commonjs' || this.exportStyle === 'all commonjs';
    const end = isCommonJs ? 'cjs' : 'ts';
    const own = this.exportStyle === 'barrel' ? `db/${this.random.pick(['pool', 'clients'])}.${end}` : `db.${end}`;
    const importLine = this.importLine(members, isNamed('pool'), isCommonJs ? './db.cjs' : './db');
    const text = main.replace(IMPORTS, importLine);
    const files = [{ path: own, source: this.moduleSource(members) }];
    if (this.exportStyle === 'barrel') files.push({ path: 'db/index.ts', source: this.barrel(own, members) });
    files.push(this.exportStyle === 'all commonjs' ? { path: 'main.cjs', source: toCommonJs(text) } : { path: 'main.ts', source: text });
    return joinFiles(files);
  }

  private scope(isAsync: boolean): WritingScope {
    // A class's methods can name its pool; functions written in place inside them as well.
    return new WritingScope(this.draft, this.pool, isAsync, false, false, 2, [], [], true);
  }

  private members(): Member[] {
    return [this.opener(), this.closer(), this.lender(), this.ender('commit'), this.ender('rollback'), ...(this.base.callback ? [this.callBack(this.base.callback)] : [])];
  }

  /** The member that hands out; one that nothing calls has nothing to show in an execution, so it does nothing else. */
  private opener(isCalled = true): Member {
    const { random, names } = this;
    const scope = this.scope(true);
    const handle: HandleVariable = scope.declare('fresh', false, false);
    const acquire = scope.acquireInto('const fresh');
    const call = this.base.acquireCall(this.pool);
    const form = random.pickWeighted(['plain', 'kept', 'checked', 'checked, safely', 'by callback', 'chain'] as const, (kind) => ({
      plain: call === undefined ? 0 : 4, kept: 3, checked: 1.5, 'checked, safely': 2.5, 'by callback': this.base.callback ? 1.2 : 0, chain: call === undefined ? 0 : 1,
    })[kind] * (isCalled || kind === 'plain' || kind === 'kept' ? 1 : 0));
    this.draft.constructs.add(`opener: ${form}`);
    const member = (lines: readonly string[], isAsync: boolean): Member => ({ name: names.open, params: '', isAsync, lines });
    const check = (): string => (random.chance(0.5) ? `${effect(scope)};` : `${scope.query(handle)};`);
    switch (form) {
      case 'plain':
        return member([`return ${call};`], random.chance(0.6));
      case 'kept':
        return member([...acquire, 'return fresh;'], true);
      case 'checked':
        return member([...acquire, check(), 'return fresh;'], true);
      case 'checked, safely':
        return member([...acquire, 'try {', ...indent([check(), 'return fresh;']), '} catch (error) {', ...indent([...scope.release(handle), 'throw error;']), '}'], true);
      case 'by callback':
        return member(statementLines(`return new Promise((resolve, reject) => {\n  ${this.pool}.${this.base.callback?.method}((err, fresh) => {\n    if (err) return reject(err);\n    resolve(fresh);\n  });\n});`), false);
      case 'chain':
        return member(statementLines(`return ${call}.then(${functionText(random, 'fresh', random.chance(0.5) ? ['return fresh;'] : ["return fresh.query('SET x').then(() => fresh);"])});`), false);
    }
  }

  /** The member that takes back. */
  private closer(): Member {
    const { random, closesLater } = this;
    const scope = this.scope(closesLater);
    const handle = scope.declare('handle', false, false);
    const release = (): string[] => scope.release(handle);
    const form = random.pickWeighted(['always', 'if given', 'logged', 'safely', 'on success', 'by option', 'swallows'] as const, (kind) => ({
      always: 4, 'if given': 2, logged: 1, safely: 1, 'on success': 0.8, 'by option': 1, swallows: 1,
    })[kind]);
    this.draft.constructs.add(`closer: ${form}`);
    const member = (lines: readonly string[], params = 'handle'): Member => ({ name: this.names.close, params, isAsync: closesLater, lines });
    switch (form) {
      case 'always':
        return member(release());
      case 'if given':
        return member(random.chance(0.5) ? ['if (!handle) return;', ...release()] : ['if (handle) {', ...indent(release()), '}']);
      case 'logged':
        return member(["console.log('closing');", ...release()]);
      case 'safely':
        return member(['try {', `  ${effect(scope)};`, '} finally {', ...indent(release()), '}']);
      case 'on success':
        return member([`${effect(scope)};`, ...release()]);
      case 'by option':
        return member(['if (gives) {', ...indent(release()), '}'], 'handle, gives = true');
      case 'swallows':
        return member(['try {', ...indent(release()), '} catch (error) {', '  console.error(error);', '}']);
    }
  }

  /** `withClient(fn)` */
  private lender(): Member {
    const scope = this.scope(true);
    const handle = scope.declare('lent', false, false);
    return { name: this.names.lend, params: 'fn', isAsync: true, lines: lendingBody(scope, scope.acquireInto('const lent'), handle, () => scope.release(handle)) };
  }

  /** Ends a transaction and, mostly, gives back. */
  private ender(verb: 'commit' | 'rollback'): Member {
    const { random } = this;
    const scope = this.scope(true);
    const handle = scope.declare('handle', false, false);
    const call = `await handle.query('${verb.toUpperCase()}');`;
    const form = random.pickWeighted(['in finally', 'after', 'swallows', 'only on failure'] as const, (kind) => ({
      'in finally': 5, after: 2, swallows: verb === 'rollback' ? 2 : 0, 'only on failure': 0.4,
    })[kind]);
    this.draft.constructs.add(`ender: ${form}`);
    const release = scope.release(handle);
    const lines = {
      'in finally': ['try {', `  ${call}`, '} finally {', ...indent(release), '}'],
      after: [call, ...release],
      swallows: ['try {', `  ${call}`, '} catch (error) {', '  console.error(error);', '}', ...release],
      'only on failure': ['try {', `  ${call}`, '} catch (error) {', ...indent([...release, 'throw error;']), '}'],
    }[form];
    return { name: this.names[verb], params: 'handle', isAsync: true, lines };
  }

  private callBack({ method }: { readonly method: string }): Member {
    const passed = this.random.chance(0.5);
    const lines = passed ? [`${this.pool}.${method}(cb);`] : statementLines(`${this.pool}.${method}((err, fresh, done) => {\n  if (err) return cb(err);\n  cb(null, fresh, done);\n});`);
    return { name: this.names.callBack, params: 'cb', isAsync: false, lines };
  }

  private moduleSource(members: readonly Member[]): string {
    const { base, style, exportStyle, random } = this;
    const isCommonJs = exportStyle === 'commonjs' || exportStyle === 'all commonjs';
    const isTyped = !isCommonJs && random.chance(0.5);
    const isClass = style === 'instance' || isClassStyle(style);
    const typed = (params: string): string => (isTyped ? params.replace(/\b(handle|fn|cb)\b/g, '$1: any') : params);
    const imports = base.imports.map((line) => (isTyped || isClass ? line : line.replace(/, type \w+/g, '')));
    const lines = [...imports];
    if (base.poolInitialiser !== undefined && !isClassStyle(style)) lines.push(`${style === 'pool' && !isCommonJs ? 'export ' : ''}const pool = ${base.poolInitialiser};`);
    if (isClassStyle(style)) lines.push(`export const pool = ${base.poolInitialiser};`);
    const methods = (tail: string): string[] => members.flatMap(({ name, params, isAsync, lines: body }) => braced(`${isAsync ? 'async ' : ''}${name}(${typed(params)})`, body, tail));
    const functions = (prefix: string): string[] => members.flatMap(({ name, params, isAsync, lines: body }) => {
      const start = isAsync ? 'async ' : '';
      return random.chance(0.25) ? braced(`${prefix}const ${name} = ${start}(${typed(params)}) =>`, body, ';') : braced(`${prefix}${start}function ${name}(${typed(params)})`, body);
    });
    const names = members.map(({ name }) => name);
    const listed = style === 'pool' ? ['pool', ...names] : names;
    switch (style) {
      case 'functions':
      case 'pool':
      case 'namespace':
        if (isCommonJs) {
          lines.push(...functions(''), ...(random.chance(0.6) ? [`module.exports = { ${listed.join(', ')} };`] : listed.map((name) => `exports.${name} = ${name};`)));
        } else if (exportStyle === 'renamed') {
          lines.push(...functions('').map((line) => names.reduce((text, name) => text.replace(new RegExp(`^((?:async )?function |const )${name}\\b`), `$1${name}Impl`), line)), `export { ${names.map((name) => `${name}Impl as ${name}`).join(', ')} };`);
        } else lines.push(...functions('export '));
        break;
      case 'default function': {
        const [first, ...others] = members;
        if (first) {
          const prefix = first.isAsync ? 'async ' : '';
          if (random.chance(0.5)) lines.push(...braced(`export default ${prefix}function ${random.chance(0.5) ? first.name : ''}(${typed(first.params)})`, first.lines));
          else lines.push(...braced(`const open = ${prefix}(${typed(first.params)}) =>`, first.lines, ';'), 'export default open;');
        }
        for (const { name, params, isAsync, lines: body } of others) lines.push(...braced(`export ${isAsync ? 'async ' : ''}function ${name}(${typed(params)})`, body));
        break;
      }
      case 'object':
        if (isCommonJs) lines.push(...braced('const db =', methods(','), ';'), random.chance(0.5) ? 'module.exports = { db };' : 'exports.db = db;');
        else if (exportStyle === 'default') lines.push(...(random.chance(0.5) ? braced('export default', methods(','), ';') : [...braced('const db =', methods(','), ';'), 'export default db;']));
        else lines.push(...braced('export const db =', methods(','), ';'));
        break;
      case 'instance': {
        const constructor = isCommonJs ? braced('constructor(pool)', ['this.pool = pool;']) : ['constructor(private readonly pool: Pool) {}'];
        lines.push(...braced('class Database', [...constructor, ...methods('')]));
        if (isCommonJs) lines.push('module.exports = { db: new Database(pool) };');
        else lines.push(exportStyle === 'default' ? 'export default new Database(pool);' : 'export const db = new Database(pool);');
        break;
      }
      case 'injected':
      case 'base': {
        const isBase = style === 'base';
        const head = `${exportStyle === 'default' ? 'export default' : 'export'} ${isBase && random.chance(0.5) ? 'abstract ' : ''}class ${isBase ? 'Repository' : 'Database'}`;
        lines.push(...braced(head, [`constructor(${isBase ? 'protected' : 'private'} readonly pool: Pool) {}`, ...methods('')]));
        break;
      }
    }
    const source = `${lines.join('\n')}\n`;
    return isCommonJs ? toCommonJs(source) : source;
  }

  private barrel(path: string, members: readonly Member[]): string {
    const from = `'./${path.replace(/^db\/|\.\w+$/g, '')}'`;
    const names = this.exportedNames(members);
    if (this.style === 'default function') return `export { default } from ${from};\nexport * from ${from};\n`;
    return this.random.chance(0.5) ? `export * from ${from};\n` : `export { ${names.join(', ')} } from ${from};\n`;
  }

  private exportedNames(members: readonly Member[]): string[] {
    const names = members.map(({ name }) => name);
    switch (this.style) {
      case 'object':
      case 'instance':
        return ['db'];
      case 'injected':
        return ['Database', 'pool'];
      case 'base':
        return ['Repository', 'pool'];
      case 'pool':
        return ['pool', ...names];
      default:
        return names;
    }
  }

  private importLine(members: readonly Member[], usesPool: boolean, from: string): string {
    const { style, exportStyle, random } = this;
    const source = random.chance(0.2) && from === './db' && exportStyle !== 'barrel' ? './db.js' : from;
    const names = members.map(({ name }) => name);
    const isDefault = exportStyle === 'default';
    const pool = usesPool ? ['pool'] : [];
    const line = (specifiers: string): string => `import ${specifiers} from '${source}';`;
    switch (style) {
      case 'functions':
        return line(`{ ${names.join(', ')} }`);
      case 'pool':
        return line(`{ ${[...pool, ...names].join(', ')} }`);
      case 'namespace':
        return line('* as db');
      case 'default function': {
        const [first = '', ...others] = names;
        return line(others.length > 0 ? `${first}, { ${others.join(', ')} }` : first);
      }
      case 'object':
      case 'instance':
        return line(isDefault ? 'db' : '{ db }');
      case 'injected':
      case 'base': {
        const name = style === 'base' ? 'Repository' : 'Database';
        if (isDefault) return line(usesPool ? `${name}, { pool }` : name);
        return line(`{ ${[name, ...pool].join(', ')} }`);
      }
    }
  }
}

/** The same file with `require` and `exports` instead of `import` and `export`. */
function toCommonJs(source: string): string {
  const exported: string[] = [];
  const text = source
    .replace(/, type \w+|type \w+, /g, '')
    .replace(/^import \* as (\w+) from '([^']+)';$/gm, "const $1 = require('$2');")
    .replace(/^import (\{[^}]*\}|\w+) from '([^']+)';$/gm, (_line, specifiers: string, from: string) => `const ${specifiers.replaceAll(' as ', ': ')} = require('${from}');`)
    .replace(/^export ((?:async )?function\*? |const |class )(\w+)/gm, (_line, keyword: string, name: string) => {
      exported.push(name);
      return `${keyword}${name}`;
    });
  return exported.length > 0 ? `${text}module.exports = { ${exported.join(', ')} };\n` : text;
}
