import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { lintExample } from '../../docs/example/demo/lint-example.ts';
import plugin from '../../rules/index.ts';
import { printFinding } from '../../src/cli/format-pretty.ts';
import { linesOf } from '../../src/cli/scan-project.ts';

const file = path.resolve(import.meta.dirname, '../../README.md');

/** The function of the example whose finding the README shows. */
const shownFunction = 'OrderRepository.create';

describe('README.md', () => {
  it('shows what the demo prints (UPDATE_README=1 pastes it anew)', async () => {
    const finding = (await lintExample()).find((entry) => entry.function === shownFunction);
    if (!finding) throw new Error(`the demo reports nothing in ${shownFunction}`);
    const block = `<!-- demo output -->\n\`\`\`text\n${printFinding(finding, { cwd: path.dirname(file), linesOf })}\n\`\`\`\n<!-- end of demo output -->`;
    const pattern = /<!-- demo output -->[^]*<!-- end of demo output -->/;

    if (process.env.UPDATE_README === '1') {
      writeFileSync(file, readFileSync(file, 'utf8').replace(pattern, () => block));
    }
    expect(pattern.exec(readFileSync(file, 'utf8'))?.[0]).toBe(block);
  });

  it('lists every rule with its description, linked to its page', () => {
    const rows = [...readFileSync(file, 'utf8').matchAll(/^\| \[([\w-]+)\]\((.*?)\) \| (.*?) \|/gm)];
    expect(rows.map(([, name, link, description]) => [name, link, description?.toLowerCase()])).toEqual(
      Object.entries(plugin.rules).map(([name, rule]) => [
        name,
        `docs/rules/${name}.md`,
        rule.meta?.docs?.description?.toLowerCase(),
      ]),
    );
  });

  it('names the settings in the words of the settings page', () => {
    const settings = readFileSync(path.resolve(path.dirname(file), 'docs/settings.md'), 'utf8');
    const example = "pairs: [{ acquire: 'borrow', release: 'giveBack', releaseOn: 'pool' }]";
    expect(readFileSync(file, 'utf8')).toContain(example);
    expect(settings).toContain(example);
  });
});
