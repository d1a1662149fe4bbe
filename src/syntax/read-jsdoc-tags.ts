/** One tag of a JSDoc comment. */
export interface JsDocTag {
  /** Without the `@`: `param`. */
  readonly tag: string;
  /** What stands between the braces after it. */
  readonly type: string | undefined;
  /** What follows up to the next tag. */
  readonly text: string;
}

/** The tags of a JSDoc comment, whose text (without the slashes) is `comment`. */
export function readJsDocTags(comment: string): JsDocTag[] {
  const text = comment.replace(/^\*+/, '').replace(/(\r?\n)[ \t]*\*+/g, '$1');
  const tags: JsDocTag[] = [];
  const starts = [...text.matchAll(/(?:^|\n)[ \t]*@([a-zA-Z]+)/g)];
  starts.forEach((start, index) => {
    const body = text.slice(start.index + start[0].length, starts[index + 1]?.index).trim();
    const end = body.startsWith('{') ? endOfBraces(body) : undefined;
    const isType = end !== undefined && start[1] !== 'import';
    tags.push({ tag: start[1]!, type: isType ? body.slice(1, end) : undefined, text: isType ? body.slice(end + 1).trim() : body });
  });
  return tags;
}

/** Where the brace that `text` begins with is closed. */
function endOfBraces(text: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  return undefined;
}
