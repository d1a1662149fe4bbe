import type { TSESTree } from './estree.ts';

/**
 * Parses the type expression of a JSDoc tag into nodes as a parser makes them of annotations, as far as something can be known by it:
 * names, `import('pg').Pool`, type arguments, unions, object types, `typeof`. What else there is becomes `unknown`. The nodes have no
 * position; `adopt` is given each name, to say whose scope it belongs to. Undefined when the text is no type.
 */
export function parseJsDocType(text: string, adopt: (name: TSESTree.Identifier) => void): TSESTree.TypeNode | undefined {
  const tokens = text.match(TOKEN) ?? [];
  if (tokens.length > MOST_TOKENS) return undefined;
  const parser = new JsDocTypeParser(tokens, adopt);
  return parser.parse();
}

const TOKEN = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*|'[^']*'|"[^"]*"|=>|\.{3}|\d+|\S/gu;
/** Longer than any type that names a pool; nesting is bounded with it. */
const MOST_TOKENS = 400;

/** A node of a parser without what nobody asks of it: its position. */
function made(node: object): TSESTree.TypeNode {
  return node as TSESTree.TypeNode;
}

class JsDocTypeParser {
  private at = 0;
  private readonly tokens: readonly string[];
  private readonly adopt: (name: TSESTree.Identifier) => void;

  constructor(tokens: readonly string[], adopt: (name: TSESTree.Identifier) => void) {
    this.tokens = tokens;
    this.adopt = adopt;
  }

  parse(): TSESTree.TypeNode | undefined {
    const type = this.union();
    return this.at === this.tokens.length ? type : undefined;
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private isName(): boolean {
    return /^[\p{ID_Start}$_]/u.test(this.tokens[this.at] ?? '');
  }

  private name(): TSESTree.Identifier | undefined {
    if (!this.isName()) return undefined;
    return { type: 'Identifier', name: this.tokens[this.at++]! } as TSESTree.Identifier;
  }

  private union(): TSESTree.TypeNode | undefined {
    this.take('|');
    const types: TSESTree.TypeNode[] = [];
    do {
      const type = this.intersection();
      if (type === undefined) return undefined;
      types.push(type);
    } while (this.take('|'));
    return types.length === 1 ? types[0] : made({ type: 'TSUnionType', types });
  }

  private intersection(): TSESTree.TypeNode | undefined {
    const types: TSESTree.TypeNode[] = [];
    do {
      const type = this.suffixed();
      if (type === undefined) return undefined;
      types.push(type);
    } while (this.take('&'));
    return types.length === 1 ? types[0] : made({ type: 'TSIntersectionType', types });
  }

  /** `?Pool`, `!Pool`, `Pool=`, `...Pool`, `Pool[]`, `Db['pool']`. */
  private suffixed(): TSESTree.TypeNode | undefined {
    while (this.take('?') || this.take('!')) if (this.at === this.tokens.length) return made({ type: 'TSUnknownKeyword' });
    const isRest = this.take('...');
    let type = this.primary();
    for (;;) {
      if (type === undefined) return undefined;
      if (this.take('[')) {
        if (this.take(']')) {
          type = made({ type: 'TSArrayType', elementType: type });
        } else {
          const indexType = this.union();
          if (indexType === undefined || !this.take(']')) return undefined;
          type = made({ type: 'TSIndexedAccessType', objectType: type, indexType });
        }
      } else if (!this.take('=') && !this.take('?') && !this.take('!')) {
        return isRest ? made({ type: 'TSArrayType', elementType: type }) : type;
      }
    }
  }

  private primary(): TSESTree.TypeNode | undefined {
    const token = this.tokens[this.at];
    if (token === undefined) return undefined;
    if (this.take('(')) {
      const type = this.union();
      // A function type, which starts alike, is not read.
      return this.take(')') && this.tokens[this.at] !== '=>' ? type : undefined;
    }
    if (this.take('{')) return this.object();
    if (this.take('typeof')) return this.query();
    if (token === 'import' && this.tokens[this.at + 1] === '(') return this.importType();
    if (this.take('null')) return made({ type: 'TSNullKeyword' });
    if (this.take('undefined')) return made({ type: 'TSUndefinedKeyword' });
    if (this.take('void')) return made({ type: 'TSVoidKeyword' });
    const string = this.string();
    if (string !== undefined) return made({ type: 'TSLiteralType', literal: { type: 'Literal', value: string } });
    if (this.isName()) return this.reference();
    this.at++;
    return made({ type: 'TSUnknownKeyword' });
  }

  private string(): string | undefined {
    const token = this.tokens[this.at] ?? '';
    if (!/^['"]/.test(token)) return undefined;
    this.at++;
    return token.slice(1, -1);
  }

  private reference(): TSESTree.TypeNode | undefined {
    const typeName = this.entityName();
    if (typeName === undefined) return undefined;
    const params = this.typeArguments();
    return params && made({ type: 'TSTypeReference', typeName, typeArguments: params.length === 0 ? undefined : { params } });
  }

  /** `pg.Pool`; only its first name is looked up. */
  private entityName(): TSESTree.EntityName | undefined {
    const first = this.name();
    if (first === undefined) return undefined;
    this.adopt(first);
    let entity: TSESTree.EntityName = first;
    while (this.tokens[this.at] === '.' && this.tokens[this.at + 1] !== '<') {
      this.at++;
      const right = this.name();
      if (right === undefined) return undefined;
      entity = { type: 'TSQualifiedName', left: entity, right } as TSESTree.TSQualifiedName;
    }
    return entity;
  }

  private typeArguments(): TSESTree.TypeNode[] | undefined {
    const params: TSESTree.TypeNode[] = [];
    // `Promise.<Pool>`, as JSDoc had it first.
    if (this.tokens[this.at] === '.' && this.tokens[this.at + 1] === '<') this.at++;
    if (!this.take('<')) return params;
    do {
      const param = this.union();
      if (param === undefined) return undefined;
      params.push(param);
    } while (this.take(','));
    return this.take('>') ? params : undefined;
  }

  private importType(): TSESTree.TypeNode | undefined {
    this.at += 2;
    const value = this.string();
    if (value === undefined || !this.take(')')) return undefined;
    const qualifier = this.take('.') ? this.name() : undefined;
    if (this.typeArguments() === undefined) return undefined;
    return made({ type: 'TSImportType', source: { type: 'Literal', value }, qualifier });
  }

  private query(): TSESTree.TypeNode | undefined {
    const exprName = this.tokens[this.at] === 'import' ? this.importType() : this.entityName();
    return exprName && made({ type: 'TSTypeQuery', exprName });
  }

  /** `{ pool: Pool, name?: string }`. */
  private object(): TSESTree.TypeNode | undefined {
    const members: object[] = [];
    while (!this.take('}')) {
      const string = this.string();
      const key = string === undefined ? this.name() : { type: 'Literal', value: string };
      if (key === undefined) return undefined;
      this.take('?');
      const type = this.take(':') ? this.union() : made({ type: 'TSUnknownKeyword' });
      if (type === undefined) return undefined;
      members.push({ type: 'TSPropertySignature', key, computed: false, typeAnnotation: { typeAnnotation: type } });
      if (!this.take(',') && !this.take(';') && this.tokens[this.at] !== '}' && !this.isName()) return undefined;
    }
    return made({ type: 'TSTypeLiteral', members });
  }
}
