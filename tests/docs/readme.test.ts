import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { lintExample } from '../../docs/example/demo/lint-example.ts';
import plugin, { type RuleEntry, type RuleName } from '../../rules/index.ts';
import { printFinding } from '../../src/cli/format-pretty.ts';
import { linesOf } from '../../src/cli/scan-project.ts';
import { OXLINT_CONFIG } from '../matrix/lint-workspace.ts';
import { readCodeBlocks } from './read-code-blocks.ts';

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

  it('says what each preset does with each rule', () => {
    const rows = [...readFileSync(file, 'utf8').matchAll(/^\| \[([\w-]+)\]\(docs\/rules\/[^|]*\|[^|]*\| (.*?) \| (.*?) \| (.*?) \|$/gm)];
    const printed = (entry: RuleEntry | undefined): string => (entry === undefined ? '' : typeof entry === 'string' ? entry : `${entry[0]}, \`code: '${entry[1].code}'\``);
    expect(rows.map(([, name, ...cells]) => [name, ...cells])).toEqual(
      (Object.keys(plugin.rules) as RuleName[]).map((name) => [name, ...(['recommended', 'strict', 'all'] as const).map((preset) => printed(plugin.configs[preset].rules[`connection-leaks/${name}`]))]),
    );
    for (const preset of ['recommended', 'strict', 'all'] as const) expect(plugin.configs[`legacy-${preset}`].rules).toEqual(plugin.configs[preset].rules);
  });

  it('shows the configuration for oxlint that the tests use', () => {
    const shown = readCodeBlocks(readFileSync(file, 'utf8')).find(({ headings }) => headings[0] === 'Under oxlint');
    expect(JSON.parse(shown!.code)).toEqual({ extends: [OXLINT_CONFIG] });
  });

  it('names the settings in the words of the settings page', () => {
    const settings = readFileSync(path.resolve(path.dirname(file), 'docs/settings.md'), 'utf8');
    const example = "pairs: [{ acquire: 'borrow', release: 'giveBack', releaseOn: 'pool' }]";
    expect(readFileSync(file, 'utf8')).toContain(example);
    expect(settings).toContain(example);
  });
});
