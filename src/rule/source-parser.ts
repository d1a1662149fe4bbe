/** The parser for other files of the project: the one that is configured, else the project's own parser for TypeScript. */
import { directoryOf } from '../project/path.ts';
import type { ParsedSource, SourceParser } from '../project/source-files.ts';
import { createRequire } from './node-builtins.ts';

/** The part of ESLint's `languageOptions` that says how a file is parsed. */
export interface ParserChoice {
  readonly parser?: unknown;
  readonly parserOptions?: Readonly<Record<string, unknown>> | undefined;
  readonly ecmaVersion?: unknown;
  readonly sourceType?: unknown;
}

interface ParserModule {
  parseForESLint?(text: string, options: object): { ast: unknown; scopeManager?: unknown; visitorKeys?: unknown };
  parse?(text: string, options: object): unknown;
}

interface ScopeAnalyser {
  analyze(program: unknown, options: object): unknown;
}

/** Options that make a parser build or look for a whole TypeScript program, or that belong to the one file that is linted. */
const OF_ONE_FILE = ['project', 'projectService', 'program', 'programs', 'EXPERIMENTAL_useProjectService', 'tsconfigRootDir', 'filePath', 'extraFileExtensions'];

/** What of a choice decides how a file is parsed: the rest belongs to the file that is linted, or is decided by the name of each file. */
export function parsingChoice({ parser, parserOptions, ecmaVersion, sourceType }: ParserChoice): ParserChoice {
  const { jsx: _decidedByName, ...features } = (parserOptions?.['ecmaFeatures'] ?? {}) as Record<string, unknown>;
  return { parser, parserOptions: { ...withoutOwn(parserOptions), ecmaFeatures: features }, ecmaVersion, sourceType };
}

function withoutOwn(options: ParserChoice['parserOptions']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([name]) => !OF_ONE_FILE.includes(name)));
}

/**
 * Makes the parser. What is not configured is loaded as the file that is parsed would load it, so that the answer does not depend on which file
 * asked for it.
 */
export function createSourceParser(choice: ParserChoice): SourceParser {
  const configured = asParser(choice.parser);
  const ownParser = oncePerDirectory((directory) => asParser(loadFrom([directory], ['@typescript-eslint/parser']) ?? loadFrom([directory], ['typescript-eslint', '@typescript-eslint/parser'])));
  const scopeAnalyser = oncePerDirectory((directory) => loadFrom([directory, undefined], ['eslint', 'eslint-scope']) as ScopeAnalyser | undefined);
  return (path, text) => {
    const directory = directoryOf(path);
    const findAnalyser = (): ScopeAnalyser | undefined => scopeAnalyser(directory);
    let silence: ReturnType<SourceParser> = 'no parser';
    for (const findParser of [() => configured, () => ownParser(directory)]) {
      const parser = findParser();
      if (parser === undefined) continue;
      for (const options of parserOptions(choice, path)) {
        const parsed = parseWith(parser, text, options, findAnalyser);
        if (typeof parsed !== 'string') return parsed;
        silence = parsed;
      }
    }
    return silence;
  };
}

function oncePerDirectory<Answer>(find: (directory: string) => Answer): (directory: string) => Answer {
  const known = new Map<string, Answer>();
  return (directory) => {
    if (!known.has(directory)) known.set(directory, find(directory));
    return known.get(directory) as Answer;
  };
}

function asParser(value: unknown): ParserModule | undefined {
  const parser = value as ParserModule | null | undefined;
  return typeof parser?.parseForESLint === 'function' || typeof parser?.parse === 'function' ? parser : undefined;
}

/** The options to try, in this order: what the name of the file says of its kind, or the kind that is configured; then the other kind. */
function* parserOptions(choice: ParserChoice, path: string): Generator<Record<string, unknown>> {
  const rest = withoutOwn(choice.parserOptions);
  const features = (choice.parserOptions?.['ecmaFeatures'] ?? {}) as Record<string, unknown>;
  const configured = choice.sourceType ?? choice.parserOptions?.['sourceType'] ?? 'module';
  const kind = /\.mjs$|\.[mc]?ts$|\.tsx$/.test(path) ? 'module' : path.endsWith('.cjs') ? 'commonjs' : configured;
  for (const sourceType of kind === 'module' ? ['module', 'commonjs'] : [kind, 'module']) {
    yield {
      ...rest,
      // In JavaScript nothing else looks like JSX; in TypeScript the name of the file decides.
      ecmaFeatures: { ...features, jsx: !/\.[mc]?ts$/.test(path) },
      ecmaVersion: choice.ecmaVersion ?? choice.parserOptions?.['ecmaVersion'] ?? 'latest',
      sourceType,
      filePath: path,
      range: true,
      loc: true,
      comment: true,
      tokens: false,
      // The names of the language's library are globals like any other, and there are thousands of them.
      lib: [],
      jsDocParsingMode: 'none',
      suppressDeprecatedPropertyWarnings: true,
      loggerFn: false,
    };
  }
}

function parseWith(parser: ParserModule, text: string, options: Record<string, unknown>, findAnalyser: () => ScopeAnalyser | undefined): ReturnType<SourceParser> {
  let result: { ast: unknown; scopeManager?: unknown; visitorKeys?: unknown };
  try {
    result = parser.parseForESLint === undefined ? { ast: parser.parse!(text, options) } : parser.parseForESLint(text, options);
  } catch {
    // A syntax that this parser or kind of file does not have, or a parser that only its own linter can call.
    return 'cannot be parsed';
  }
  if ((result.ast as { type?: unknown } | null | undefined)?.type !== 'Program') return 'cannot be parsed';
  // Some parsers give them always. Nobody asks for them here, and they are a third of what is kept.
  (result.ast as { tokens?: unknown }).tokens = undefined;
  const scopeManager = result.scopeManager ?? analyseScopes(result.ast, options, result.visitorKeys, findAnalyser());
  if (scopeManager === undefined) return 'no scope analysis';
  return {
    program: result.ast as ParsedSource['program'],
    scopeManager: scopeManager as ParsedSource['scopeManager'],
    visitorKeys: (result.visitorKeys ?? {}) as ParsedSource['visitorKeys'],
  };
}

/** The scopes of a program whose parser gives none, found as ESLint itself does, by the library that it brings. */
function analyseScopes(program: unknown, options: Record<string, unknown>, visitorKeys: unknown, analyser: ScopeAnalyser | undefined): unknown {
  if (typeof analyser?.analyze !== 'function') return undefined;
  const { ecmaVersion, sourceType, ecmaFeatures } = options as { ecmaVersion: unknown; sourceType: string; ecmaFeatures: Record<string, unknown> };
  try {
    return analyser.analyze(program, {
      ignoreEval: true,
      nodejsScope: ecmaFeatures['globalReturn'] === true || sourceType === 'commonjs',
      impliedStrict: ecmaFeatures['impliedStrict'],
      ecmaVersion: typeof ecmaVersion === 'number' && ecmaVersion > 5 ? ecmaVersion : 2022,
      sourceType,
      childVisitorKeys: visitorKeys,
      fallback: childFields,
      jsx: ecmaFeatures['jsx'],
    });
  } catch {
    return undefined;
  }
}

/** The fields of a node type that the keys do not know. */
function childFields(node: object): string[] {
  return Object.keys(node).filter((key) => !['parent', 'type', 'loc', 'range', 'tokens', 'comments', 'start', 'end'].includes(key));
}

/**
 * Loads a module as the project would: `names` is a chain of packages, each looked for from the one before, the first from one of the `places`
 * (undefined: from this plugin). Undefined when there is none, or where there is no Node.
 */
function loadFrom(places: readonly (string | undefined)[], names: readonly string[]): unknown {
  for (const place of places) {
    try {
      let load = createRequire(place === undefined ? import.meta.url : `${place}/package.json`);
      for (const name of names.slice(0, -1)) load = load && createRequire(load.resolve(name));
      return load?.(names.at(-1)!) as unknown;
    } catch {
      // Not installed there.
    }
  }
  return undefined;
}
