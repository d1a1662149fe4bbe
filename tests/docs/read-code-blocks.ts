/** One fenced block of a Markdown page. */
export interface CodeBlock {
  /** The headings around the block, outermost first, without the page's title. */
  headings: string[];
  language: string;
  code: string;
  /** Line of the opening fence, counted from 1. */
  line: number;
}

/** Every fenced code block of a page, in order. */
export function readCodeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  const headings: string[] = [];
  let open: { language: string; line: number; code: string[] } | undefined;

  for (const [index, text] of markdown.split('\n').entries()) {
    if (open) {
      if (text.startsWith('```')) {
        blocks.push({
          headings: headings.filter(Boolean),
          language: open.language,
          code: `${open.code.join('\n')}\n`,
          line: open.line,
        });
        open = undefined;
      } else {
        open.code.push(text);
      }
      continue;
    }
    const fence = /^```(\w*)/.exec(text);
    const heading = /^(#{2,})\s+(.*)$/.exec(text);
    if (fence) {
      open = { language: fence[1] ?? '', line: index + 1, code: [] };
    } else if (heading) {
      const depth = heading[1]!.length - 2;
      headings.length = depth;
      headings[depth] = heading[2]!;
    }
  }
  if (open) throw new Error(`the code block opened on line ${open.line} is never closed`);
  return blocks;
}

/** Whether an example is shown as wrong or as right; undefined for any other block. */
export function verdictOf(block: CodeBlock): 'incorrect' | 'correct' | undefined {
  if (block.headings.includes('Incorrect')) return 'incorrect';
  if (block.headings.includes('Correct')) return 'correct';
  return undefined;
}
