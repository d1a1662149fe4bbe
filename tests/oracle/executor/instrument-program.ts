/**
 * The files of a program → JavaScript texts that report to a runtime (see `execution-runtime.ts`).
 *
 * What is written around the program, and why:
 * - `f(a, ...__at(${this.activation}, 7))` – the last thing evaluated before a call tells the runtime which call of which activation is
 *   about to happen. It adds no argument, keeps the order of evaluation, and works in optional chains.
 * - `const $a2 = __enter($a1)` at the start of every function makes the activation, one name per depth, so that it knows the one it was
 *   written in; `__exit($a2, value)` sees the value a function really completes with, after every `finally` had its say. The body
 *   is moved into an inner function for that.
 * - `cb(...__given($a, 7, [null, client]))` – what a function is given that was a parameter: whoever wrote it may be handed a handle.
 * - `__f(function, () => x, …)` lists the outer variables that a closure captures, so that a handle reachable from a
 *   returned closure is found.
 * - `__store(object, value)` sees what is put on an object or a module variable.
 * - `__loop`, `__caught`, `__yield` bound the loops, let the end of a process through every `catch`, and name the `yield`s.
 * - `x.then(__callback(${this.activation}, 7, f, 'inline'))` – functions that the language itself will call (promise reactions, array methods, the
 *   executor of a promise) are called in the name of the call that was given them. `Promise.race` and `Promise.any` become choices.
 * - `using` is lowered (Node 20 does not parse it) as the specification describes it; see `disposal.ts`.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { findCaptures, type Captures } from './find-captures.ts';
import { calleeName, CallSiteTable, isFunctionExpression, type CallSite } from './call-site-table.ts';
import type { ParsedSource } from './parse-source.ts';
import { SourceRewriter, UnsupportedSyntax } from './source-rewriter.ts';

export interface InstrumentedFile {
  readonly path: string;
  /** The body of a function of the runtime and of `__module`, which takes a specifier and returns what that module exports. */
  readonly code: string;
}

export interface InstrumentedProgram {
  readonly files: readonly InstrumentedFile[];
  readonly sites: readonly CallSite[];
}

type FunctionNode = TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression;

/**
 * Writes the instrumented form of parsed files. `reached` has the expressions, by file, that an execution starts from.
 */
export function instrumentProgram(files: readonly ParsedSource[], reached: (path: string) => readonly string[]): InstrumentedProgram {
  const table = new CallSiteTable();
  const written = files.map((file) => {
    table.startFile(file);
    return { path: file.path, code: new Instrumenter(file, table).instrument(reached(file.path)) };
  });
  return { files: written, sites: table.sites };
}

class Instrumenter extends SourceRewriter {
  private readonly captures: Captures;
  /** Calls whose value goes straight into an `await` or a chain: there is no floating promise to tame. */
  private readonly inPlace = new Set<TSESTree.Node>();
  private readonly siteOf = new Map<TSESTree.Node, number>();
  private loops = 0;
  private disposals = 0;
  /** How many functions are around. */
  private depth = 0;

  constructor(parsed: ParsedSource, private readonly table: CallSiteTable) {
    super(parsed);
    this.captures = findCaptures(parsed);
  }

  /** The variable that holds the activation of the function that is written. */
  private get activation(): string {
    return `$a${this.depth}`;
  }

  instrument(reached: readonly string[]): string {
    const isCommonJs = this.parsed.path.endsWith('.cjs');
    const body = this.writeStatements(this.parsed.ast.body);
    const roots = this.captures.moduleVariables.map((name) => `() => ${name}`).join(', ');
    const exported = isCommonJs ? '{ ...module.exports, default: module.exports }' : `{ ${this.parsed.ast.body.flatMap(exportsOf).join(', ')} }`;
    return (
      `"use strict";\nconst { __at, __given, __enter, __exit, __f, __store, __loop, __caught, __yield, __tame, __tag, __import, ` +
      `__callback, __missing, __race, __any, __collect, __scope, __using, __failed, __disposeSync, __disposeAsync } = rt.hooks;\nconst $a0 = rt.root;\n` +
      (isCommonJs ? 'const module = { exports: {} }, exports = module.exports, require = __module;\n' : '') +
      this.captures.globals.map((name) => `const ${name} = rt.global(${JSON.stringify(name)});\n`).join('') +
      `{\n${body}\nreturn { exported: ${exported}, reached: { ${reached.map((expression) => `${JSON.stringify(expression)}: ${expression}`).join(', ')} }, roots: [${roots}] };\n}`
    );
  }

  write(node: TSESTree.Node): string {
    switch (node.type) {
      case 'ImportDeclaration':
        return this.writeImport(node);
      case 'ExportNamedDeclaration':
        return node.declaration && node.exportKind !== 'type' ? this.write(node.declaration) : '';
      case 'ExportDefaultDeclaration':
        return isNamed(node.declaration) ? this.write(node.declaration) : `const ${DEFAULT_EXPORT} = (${this.writeDefault(node.declaration)});`;
      case 'ExportAllDeclaration':
        return '';
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        return this.withCaptures(node, this.writeFunction(node), node.type !== 'FunctionDeclaration');
      case 'ClassDeclaration':
        return this.splice(node).replace(/^abstract\s+/, '') + this.captureStatement(node);
      case 'ClassExpression':
        return this.withCaptures(node, this.splice(node), true);
      case 'MethodDefinition':
      case 'PropertyDefinition':
        return this.writeMember(node);
      case 'StaticBlock':
        return `static { ${this.writeStatements(node.body)} }`;
      case 'BlockStatement':
        return `{ ${this.writeStatements(node.body)} }`;
      case 'VariableDeclaration':
        if (node.kind === 'using' || node.kind === 'await using') throw new UnsupportedSyntax(node);
        return node.declare ? '' : this.splice(node);
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        return this.writeLoop(node);
      case 'TryStatement':
        return this.writeTry(node);
      case 'CallExpression':
      case 'NewExpression':
        return this.writeCall(node);
      case 'ChainExpression': {
        this.inPlace.add(node.expression);
        const text = this.write(node.expression);
        const site = this.siteOf.get(node.expression);
        return this.inPlace.has(node) || site === undefined ? text : `__tame(${this.activation}, ${site}, ${text})`;
      }
      case 'AwaitExpression':
        this.markInPlace(node.argument);
        return this.splice(node);
      case 'MemberExpression':
        this.markInPlace(node.object);
        return this.splice(node);
      case 'TaggedTemplateExpression':
        return `__tag(${this.activation}, ${this.table.add('call', node)}, ${this.write(node.tag)})${this.write(node.quasi)}`;
      case 'ImportExpression':
        return `__import(${this.activation}, ${this.table.add('call', node)})`;
      case 'YieldExpression':
        if (node.delegate && node.argument) return `(yield* __yield(${this.table.add('yield', node)}, ${this.write(node.argument)}))`;
        return `(yield __yield(${this.table.add('yield', node)}, ${node.argument ? this.write(node.argument) : 'undefined'}))`;
      case 'AssignmentExpression':
        return this.writeAssignment(node);
      case 'TSParameterProperty':
        return this.write(node.parameter);
      case 'Property':
        if (!node.shorthand) return this.splice(node);
        return node.value.type === 'AssignmentPattern' ? this.splice(node.value) : this.write(node.key);
      case 'ObjectExpression':
        return this.withCaptures(node, this.splice(node), true);
      default:
        return this.writeTypeSyntax(node) ?? this.splice(node);
    }
  }

  private writeImport(node: TSESTree.ImportDeclaration): string {
    if (node.importKind === 'type') return '';
    const from = `__module(${JSON.stringify(node.source.value)})`;
    return node.specifiers
      .map((specifier) => {
        if (specifier.type === 'ImportNamespaceSpecifier') return `const ${specifier.local.name} = ${from};`;
        if (specifier.type === 'ImportDefaultSpecifier') return `const ${specifier.local.name} = ${from}.default;`;
        if (specifier.importKind === 'type') return '';
        const name = specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value;
        return `const { ${name}: ${specifier.local.name} = __missing(${JSON.stringify(name)}) } = ${from};`;
      })
      .join(' ');
  }

  /** Statements of one block, with its function captures listed first and its `using` declarations lowered. */
  private writeStatements(statements: readonly TSESTree.Statement[]): string {
    const hoisted = statements
      .map(declarationOf)
      .map((node) => (node.type === 'FunctionDeclaration' ? this.captureStatement(node) : ''))
      .join('');
    const using = statements.filter((statement): statement is TSESTree.VariableDeclaration => isUsing(statement));
    if (using.length === 0) return hoisted + statements.map((statement) => this.write(statement)).join('\n');
    const scope = `$d${this.disposals++}`;
    const body = statements.map((statement) => (isUsing(statement) ? this.writeUsing(statement, scope) : this.write(statement))).join('\n');
    const dispose = using.some((statement) => statement.kind === 'await using') ? 'await __disposeAsync' : '__disposeSync';
    return `const ${scope} = __scope(); try { ${hoisted}${body}\n} catch ($e) { __failed(${scope}, $e); } finally { ${dispose}(${scope}, ${this.activation}); }`;
  }

  private writeUsing(node: TSESTree.VariableDeclaration, scope: string): string {
    return node.declarations
      .map((declarator) => {
        if (declarator.id.type !== 'Identifier' || !declarator.init) throw new UnsupportedSyntax(declarator);
        const site = this.table.add('using', declarator);
        return `const ${declarator.id.name} = __using(${scope}, ${this.write(declarator.init)}, ${node.kind === 'await using'}, ${site});`;
      })
      .join(' ');
  }

  private writeDefault(node: TSESTree.ExportDefaultDeclaration['declaration']): string {
    return node.type === 'FunctionDeclaration' ? this.writeFunction(node) : this.write(node);
  }

  private writeFunction(node: FunctionNode, constructorPrefix?: string): string {
    const outer = this.activation;
    const params = node.params.map((param) => this.write(param));
    this.depth++;
    const own = this.activation;
    const statements =
      node.body.type === 'BlockStatement' ? this.writeStatements(node.body.body) : `return (${this.write(node.body)});`;
    this.depth--;
    const star = node.generator ? '*' : '';
    const head = (extra: readonly string[] = []): string => {
      const list = `(${[...params, ...extra].join(', ')})`;
      if (node.type === 'ArrowFunctionExpression') return `${node.async ? 'async ' : ''}${list} =>`;
      if (isMethodValue(node)) return list;
      return `${node.async ? 'async ' : ''}function${star} ${node.id?.name ?? ''}${list}`;
    };
    if (constructorPrefix !== undefined) return `${head()} { const ${own} = __enter(${outer}); ${constructorPrefix}${statements} }`;
    // A generator's body starts at the first `next()`; its activation belongs to the call, so a parameter default makes it.
    if (node.generator) {
      return `${head([`${own} = __enter(${outer})`])} { return __exit(${own}, yield* (${node.async ? 'async ' : ''}function* () { ${statements} }).call(this)); }`;
    }
    const inner = node.async ? `await (async () => { ${statements} })()` : `(() => { ${statements} })()`;
    return `${head()} { const ${own} = __enter(${outer}); return __exit(${own}, ${inner}); }`;
  }

  private writeMember(node: TSESTree.MethodDefinition | TSESTree.PropertyDefinition): string {
    const key = node.computed ? `[${this.write(node.key)}]` : this.source.slice(node.key.range[0], node.key.range[1]);
    const head = node.static ? 'static ' : '';
    if (node.type === 'PropertyDefinition') {
      if (node.declare) return '';
      return `${head}${key}${node.value ? ` = ${this.write(node.value)}` : ''};`;
    }
    const value = node.value;
    if (value.type !== 'FunctionExpression') throw new UnsupportedSyntax(node);
    if (node.kind === 'constructor') return `constructor${this.writeFunction(value, this.parameterProperties(value))}`;
    const modifiers = `${value.async ? 'async ' : ''}${value.generator ? '*' : ''}${node.kind === 'method' ? '' : `${node.kind} `}`;
    return `${head}${modifiers}${key}${this.writeFunction(value)}`;
  }

  /** `constructor(private readonly pool: Pool)` also assigns the field. */
  private parameterProperties(node: FunctionNode): string {
    return node.params
      .filter((param) => param.type === 'TSParameterProperty')
      .map((param) => {
        const target = param.parameter.type === 'AssignmentPattern' ? param.parameter.left : param.parameter;
        if (target.type !== 'Identifier') throw new UnsupportedSyntax(param);
        return `this.${target.name} = ${target.name}; `;
      })
      .join('');
  }

  private writeLoop(node: TSESTree.ForStatement | TSESTree.ForInStatement | TSESTree.ForOfStatement | TSESTree.WhileStatement | TSESTree.DoWhileStatement): string {
    const id = this.loops++;
    let usingHead = false;
    const parts: string[] = [];
    let position = node.range[0];
    for (const child of this.childrenOf(node)) {
      if (child === node.body) {
        const body = this.write(child);
        // Inner loops have the numbers after this one: each turn of this loop starts them afresh.
        const turn = usingHead ? this.lowerHead(node, body) : body;
        parts.push(this.source.slice(position, child.range[0]), `{ __loop(${this.activation}, ${id}, ${this.loops - 1}); ${turn} }`);
      } else if (child.type === 'VariableDeclaration' && isUsing(child)) {
        usingHead = true;
        parts.push(this.source.slice(position, child.range[0]), 'const $v');
      } else {
        parts.push(this.source.slice(position, child.range[0]), this.write(child));
      }
      position = child.range[1];
    }
    return parts.join('') + this.source.slice(position, node.range[1]);
  }

  /** `for (using x of y) body`: each turn is a block of its own that starts with `using x = …`. */
  private lowerHead(node: TSESTree.Node, body: string): string {
    const head = (node as TSESTree.ForOfStatement).left as TSESTree.VariableDeclaration;
    const id = head.declarations[0]?.id;
    if (id?.type !== 'Identifier') throw new UnsupportedSyntax(node);
    const scope = `$d${this.disposals++}`;
    const isAwait = head.kind === 'await using';
    const dispose = isAwait ? 'await __disposeAsync' : '__disposeSync';
    return (
      `const ${scope} = __scope(); try { const ${id.name} = __using(${scope}, $v, ${isAwait}, ${this.table.add('using', head)}); ${body} } ` +
      `catch ($e) { __failed(${scope}, $e); } finally { ${dispose}(${scope}, ${this.activation}); }`
    );
  }

  private writeTry(node: TSESTree.TryStatement): string {
    const block = this.write(node.block);
    let handler = '';
    if (node.handler) {
      const body = this.write(node.handler.body);
      const param = node.handler.param;
      handler = param
        ? `catch ($e) { __caught($e); { let ${this.write(param)} = $e; ${body} } }`
        : `catch ($e) { __caught($e); ${body} }`;
    } else {
      // Lets the runtime see an error that the `finally` may replace.
      handler = `catch ($e) { __caught($e); throw $e; }`;
    }
    return `try ${block} ${handler}${node.finalizer ? ` finally ${this.write(node.finalizer)}` : ''}`;
  }

  private writeCall(node: TSESTree.CallExpression | TSESTree.NewExpression): string {
    this.markInPlace(node.callee);
    const before = this.source.slice(node.range[0], node.callee.range[0]);
    const closing = ')'.repeat(before.split('(').length - 1);
    // The callee first: an inner call of a chain is registered before the call that uses its value.
    const callee = `${before}${this.write(node.callee)}${closing}`;
    const callsParameter = node.callee.type === 'Identifier' && this.captures.isParameterReference(node.callee);
    const site = node.callee.type === 'Super' ? undefined : this.table.add('call', node, callsParameter);
    let args = this.writeArguments(node, site);
    const optional = node.type === 'CallExpression' && node.optional ? '?.' : '';
    const combinator = site === undefined ? undefined : COMBINATOR_HOOKS.get(this.source.slice(...node.callee.range));
    if (site !== undefined) {
      this.siteOf.set(node, site);
      if (callsParameter) args = [`...__given(${this.activation}, ${site}, [${args.join(', ')}])`];
      else if (!combinator) args.push(`...__at(${this.activation}, ${site})`);
    }
    const text = combinator ? `${combinator}(${this.activation}, ${site}, ${args.join(', ')})` : `${callee}${optional}(${args.join(', ')})`;
    const isPromise = node.type === 'CallExpression' || isPromiseConstructor(node);
    // A link of a chain that nobody awaits is seen as well; inside an optional chain it has to stay as it is.
    const isLink = site !== undefined && this.table.sites[site]?.isFloating && optional === '' && !this.source.slice(...node.callee.range).includes('?.');
    return !isPromise || (this.inPlace.has(node) && !isLink) || site === undefined ? text : `__tame(${this.activation}, ${site}, ${text})`;
  }

  private writeArguments(node: TSESTree.CallExpression | TSESTree.NewExpression, site: number | undefined): string[] {
    const role = isPromiseConstructor(node) ? 'discarded' : node.callee.type === 'MemberExpression' ? REACTION_ROLES.get(calleeName(node.callee) ?? '') : undefined;
    return node.arguments.map((argument) => {
      const text = this.write(argument);
      if (site === undefined || role === undefined) return text;
      if (role === 'collected') return argument.type === 'SpreadElement' ? text : `__collect(${text})`;
      // An object or a literal among the arguments is no function, and is let through at run time.
      const own = role === 'result' ? (isFunctionExpression(argument) ? 'inline' : 'reference') : role;
      return `__callback(${this.activation}, ${site}, ${text}, '${own}')`;
    });
  }

  private writeAssignment(node: TSESTree.AssignmentExpression): string {
    const { left, right } = node;
    const gap = this.source.slice(left.range[1], right.range[0]);
    let target: string | undefined;
    if (left.type === 'MemberExpression') {
      const { object } = left;
      if (object.type === 'ThisExpression') target = 'this';
      else if (object.type === 'Identifier') target = object.name;
    } else if (left.type === 'Identifier' && this.captures.isModuleReference(left)) {
      target = 'null';
    }
    if (target === undefined) return this.splice(node);
    return `${this.write(left)}${gap}__store(${target}, ${this.write(right)})${this.source.slice(right.range[1], node.range[1])}`;
  }

  private withCaptures(node: TSESTree.Node, text: string, isExpression: boolean): string {
    if (!isExpression || isMethodValue(node)) return text;
    const names = this.captures.of(node);
    return names.length === 0 ? text : `__f(${text}, ${names.map((name) => `() => ${name}`).join(', ')})`;
  }

  /** Lists the captures of a declaration; a function's at the start of its block, a class's after itself. */
  private captureStatement(node: TSESTree.FunctionDeclaration | TSESTree.ClassDeclaration): string {
    const names = this.captures.of(node);
    if (names.length === 0 || node.id === null) return '';
    return ` __f(${node.id.name}, ${names.map((name) => `() => ${name}`).join(', ')}); `;
  }

  private markInPlace(node: TSESTree.Node): void {
    if (node.type === 'TSNonNullExpression' || node.type === 'TSAsExpression' || node.type === 'TSSatisfiesExpression') {
      this.markInPlace(node.expression);
    } else {
      this.inPlace.add(node);
    }
  }
}

/** What becomes of the functions and values given to methods of the language, by the name of the method. */
const REACTION_ROLES = new Map<string, 'result' | 'discarded' | 'collected'>([
  ...['then', 'catch', 'map', 'flatMap', 'filter', 'some', 'every', 'find', 'reduce'].map((name) => [name, 'result'] as const),
  ...['finally', 'forEach'].map((name) => [name, 'discarded'] as const),
  ...['push', 'unshift', 'add', 'set'].map((name) => [name, 'collected'] as const),
]);

const COMBINATOR_HOOKS = new Map([['Promise.race', '__race'], ['Promise.any', '__any']]);

function isPromiseConstructor(node: TSESTree.Node): boolean {
  return node.type === 'NewExpression' && node.callee.type === 'Identifier' && node.callee.name === 'Promise';
}

/** The variable that holds what a file exports by default without a name. */
export const DEFAULT_EXPORT = '$default';

function isNamed(node: TSESTree.ExportDefaultDeclaration['declaration']): node is TSESTree.FunctionDeclaration | TSESTree.ClassDeclaration {
  return (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id !== null;
}

/** What a statement of a module exports, as properties of an object literal. */
function exportsOf(statement: TSESTree.Statement): string[] {
  const nameOf = (node: TSESTree.Identifier | TSESTree.StringLiteral): string => (node.type === 'Identifier' ? node.name : JSON.stringify(node.value));
  switch (statement.type) {
    case 'ExportDefaultDeclaration':
      return [`default: ${isNamed(statement.declaration) ? statement.declaration.id?.name : DEFAULT_EXPORT}`];
    case 'ExportAllDeclaration': {
      const from = `__module(${JSON.stringify(statement.source.value)})`;
      return [statement.exported ? `${nameOf(statement.exported)}: ${from}` : `...((({ default: _, ...named }) => named)(${from}))`];
    }
    case 'ExportNamedDeclaration': {
      if (statement.exportKind === 'type') return [];
      const { declaration, source } = statement;
      if (declaration?.type === 'VariableDeclaration') return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
      if (declaration?.type === 'FunctionDeclaration' || declaration?.type === 'ClassDeclaration') return declaration.id ? [declaration.id.name] : [];
      return statement.specifiers
        .filter((specifier) => specifier.exportKind !== 'type')
        .map(({ local, exported }) => `${nameOf(exported)}: ${source ? `__module(${JSON.stringify(source.value)}).` : ''}${nameOf(local)}`);
    }
    default:
      return [];
  }
}

function declarationOf(statement: TSESTree.Statement): TSESTree.Node {
  return statement.type === 'ExportNamedDeclaration' && statement.declaration ? statement.declaration : statement;
}

function isUsing(statement: TSESTree.Node): statement is TSESTree.VariableDeclaration {
  return statement.type === 'VariableDeclaration' && (statement.kind === 'using' || statement.kind === 'await using');
}

/** The function of a method or accessor, written without `function`. */
function isMethodValue(node: TSESTree.Node): boolean {
  const { parent } = node;
  if (parent?.type === 'MethodDefinition') return parent.value === node;
  return parent?.type === 'Property' && parent.value === node && (parent.method || parent.kind !== 'init');
}
