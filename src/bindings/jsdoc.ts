/** What JSDoc comments say of types: `@type`, `@param`, `@returns`, `@typedef` with its `@property`s, `@import`, and casts. Read when first asked for. */
import type { FunctionNode, Node, TSESTree } from '../syntax/estree.ts';
import { parseJsDocType } from '../syntax/parse-jsdoc-type.ts';
import { readJsDocTags, type JsDocTag } from '../syntax/read-jsdoc-tags.ts';
import type { ScopeIndex } from './scope-index.ts';

/** Nodes that a comment before them speaks of, when it speaks of the function or value that they end with. */
const CARRIERS = new Set([
  'ExportNamedDeclaration', 'ExportDefaultDeclaration', 'MethodDefinition', 'Property', 'PropertyDefinition', 'VariableDeclarator', 'VariableDeclaration',
  'AssignmentExpression', 'ExpressionStatement', 'ReturnStatement', 'TSParameterProperty',
]);
/** What may stand between a comment and the code it is about: other comments. */
const NOTHING = /^(?:\s|\/\/[^\n]*\n|\/\*[^*]*(?:\*(?!\/)[^*]*)*\*\/)*$/;
const LONGEST_GAP = 500;

interface Comment {
  readonly range: readonly [number, number];
  readonly tags: readonly JsDocTag[];
  readonly value: string;
}

/** The JSDoc comments of one file. */
export class JsDoc {
  private comments: readonly Comment[] | undefined;
  private casts: ReadonlyMap<number, Comment> | undefined;
  private named: ReadonlyMap<string, TSESTree.TypeNode> | undefined;
  private readonly types = new Map<JsDocTag, TSESTree.TypeNode | undefined>();
  private readonly program: TSESTree.Program;
  private readonly text: string;
  private readonly scopes: ScopeIndex;

  constructor(program: TSESTree.Program, text: string, scopes: ScopeIndex) {
    this.program = program;
    this.text = text;
    this.scopes = scopes;
  }

  /** The `@type` of what is declared or assigned at `node`. */
  typeOf(node: Node): TSESTree.TypeNode | undefined {
    const found = this.tagsAt(node, ({ tag, type }) => tag === 'type' && type !== undefined)[0];
    return found && this.parse(found, node);
  }

  /** The type of the parameter `parameter` of a function: `@param {Pool} pool`; of a pattern, the one in its position, with the types of its properties. */
  typeOfParameter(unit: FunctionNode, parameter: Node): TSESTree.TypeNode | undefined {
    const tags = this.tagsAt(unit, ({ tag }) => tag === 'param' || tag === 'arg' || tag === 'argument');
    if (tags.length === 0) return undefined;
    const whole = tags.filter((tag) => !nameOf(tag).includes('.'));
    const pattern = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
    const own = pattern.type === 'Identifier' ? whole.find((tag) => nameOf(tag) === pattern.name) : whole[unit.params.findIndex((one) => one === parameter)];
    if (own === undefined) return undefined;
    const prefix = `${nameOf(own)}.`;
    return this.withProperties(own, tags.filter((tag) => nameOf(tag).startsWith(prefix)), prefix.length, unit);
  }

  /** The type of what a function returns: `@returns {Pool}`. */
  typeOfResult(unit: FunctionNode): TSESTree.TypeNode | undefined {
    const found = this.tagsAt(unit, ({ tag, type }) => (tag === 'returns' || tag === 'return') && type !== undefined)[0];
    return found && this.parse(found, unit);
  }

  /** The type that a cast gives: `/** @type {Pool} *​/ (app.get('db'))`. */
  castOf(expression: Node): TSESTree.TypeNode | undefined {
    this.casts ??= this.findCasts();
    const comment = this.casts.size === 0 ? undefined : this.casts.get(expression.range[0]);
    if (comment === undefined || !/^\s*\)/.test(this.text.slice(expression.range[1], expression.range[1] + LONGEST_GAP))) return undefined;
    const tag = comment.tags.find((one) => one.tag === 'type');
    return tag && this.parse(tag, expression);
  }

  /** The type that a `@typedef` or an `@import` of the file names. */
  typeNamed(name: string): TSESTree.TypeNode | undefined {
    this.named ??= this.findNames();
    return this.named.get(name);
  }

  private all(): readonly Comment[] {
    return (this.comments ??= (this.program.comments ?? []).flatMap(({ type, value, range }) => {
      return (type as string) === 'Block' && value.startsWith('*') && value.includes('@') ? [new LazyComment(value, range)] : [];
    }));
  }

  /** The tags of the nearest comment around `node` that has such tags. */
  private tagsAt(node: Node, isWanted: (tag: JsDocTag) => boolean): JsDocTag[] {
    if (this.all().length === 0) return [];
    for (let current: Node | undefined = node; current; current = current.parent) {
      const tags = this.commentBefore(current.range[0])?.tags.filter(isWanted) ?? [];
      if (tags.length > 0) return tags;
      const { parent }: { parent?: Node | undefined } = current;
      if (parent === undefined || !CARRIERS.has(parent.type)) break;
      // Of `a = /* here */ b`, the comment before `a` speaks of the value too; of several declarations it speaks of the first.
      if (parent.type === 'VariableDeclaration' && parent.declarations[0] !== current) break;
    }
    return [];
  }

  private commentBefore(position: number): Comment | undefined {
    const comments = this.all();
    let low = 0;
    for (let high = comments.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (comments[middle]!.range[1] <= position) low = middle + 1;
      else high = middle;
    }
    const comment = comments[low - 1];
    if (comment === undefined || position - comment.range[1] > LONGEST_GAP) return undefined;
    return NOTHING.test(this.text.slice(comment.range[1], position)) ? comment : undefined;
  }

  private findCasts(): Map<number, Comment> {
    const casts = new Map<number, Comment>();
    for (const comment of this.all()) {
      if (!comment.value.includes('@type')) continue;
      const open = /^\s*\(\s*/.exec(this.text.slice(comment.range[1], comment.range[1] + LONGEST_GAP));
      if (open !== null) casts.set(comment.range[1] + open[0].length, comment);
    }
    return casts;
  }

  private findNames(): Map<string, TSESTree.TypeNode> {
    const named = new Map<string, TSESTree.TypeNode>();
    for (const { value, tags } of this.all()) {
      if (!/@(?:typedef|import)\b/.test(value)) continue;
      for (const tag of tags) {
        if (tag.tag === 'import') for (const [name, type] of importedNames(tag.text)) named.set(name, type);
        if (tag.tag !== 'typedef') continue;
        const properties = tags.filter((one) => one.tag === 'property' || one.tag === 'prop');
        const type = this.withProperties(tag, properties, 0, this.program);
        if (type !== undefined) named.set(nameOf(tag), type);
      }
    }
    return named;
  }

  /** The type of a tag, or an object type of the tags of its properties. */
  private withProperties(tag: JsDocTag, properties: readonly JsDocTag[], prefix: number, host: Node): TSESTree.TypeNode | undefined {
    if (properties.length === 0) return this.parse(tag, host);
    const known = this.types.get(tag);
    if (known !== undefined) return known;
    const members = properties.flatMap((property) => {
      const typeAnnotation = this.parse(property, host);
      return typeAnnotation === undefined
        ? []
        : [{ type: 'TSPropertySignature', key: { type: 'Identifier', name: nameOf(property).slice(prefix) }, computed: false, typeAnnotation: { typeAnnotation } }];
    });
    const type = { type: 'TSTypeLiteral', members } as unknown as TSESTree.TypeNode;
    this.types.set(tag, type);
    return type;
  }

  private parse(tag: JsDocTag, host: Node): TSESTree.TypeNode | undefined {
    if (this.types.has(tag)) return this.types.get(tag);
    const type = tag.type === undefined ? undefined : parseJsDocType(tag.type, (name) => this.scopes.adopt(name, host));
    this.types.set(tag, type);
    return type;
  }
}

/** A comment whose tags are read when somebody asks for them. */
class LazyComment implements Comment {
  readonly value: string;
  readonly range: readonly [number, number];
  private found: readonly JsDocTag[] | undefined;

  constructor(value: string, range: readonly [number, number]) {
    this.value = value;
    this.range = range;
  }

  get tags(): readonly JsDocTag[] {
    return (this.found ??= readJsDocTags(this.value));
  }
}

/** What a tag names: `pool` of `@param {Pool} [pool=main] the pool`. */
function nameOf({ text }: JsDocTag): string {
  return /^\[?\s*([\w$.]+)/.exec(text)?.[1] ?? '';
}

/** `@import { Pool, Client as C } from 'pg'`, `@import * as pg from 'pg'`, `@import pg from 'pg'`. */
function* importedNames(text: string): Generator<[string, TSESTree.TypeNode]> {
  const [, clause, value] = /^([^'"]+)\sfrom\s+['"]([^'"]+)['"]/.exec(text) ?? [];
  if (clause === undefined || value === undefined) return;
  const imported = (name?: string): TSESTree.TypeNode => {
    const qualifier = name === undefined ? undefined : { type: 'Identifier', name };
    return { type: 'TSImportType', source: { type: 'Literal', value }, qualifier } as unknown as TSESTree.TypeNode;
  };
  const [, names = ''] = /\{([^}]*)\}/.exec(clause) ?? [];
  for (const entry of names.split(',')) {
    const [name, local] = entry.trim().split(/\s+as\s+/);
    if (name) yield [local ?? name, imported(name)];
  }
  const [, namespace] = /\*\s*as\s+([\w$]+)/.exec(clause) ?? [];
  if (namespace !== undefined) yield [namespace, imported()];
  const [, whole] = /^\s*([\w$]+)/.exec(clause) ?? [];
  if (whole !== undefined) yield [whole, imported('default')];
}
