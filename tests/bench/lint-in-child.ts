/**
 * A process of its own that lints what its standard input lists, as a command line would: each file once. Prints the most memory it ever had, in kilobytes.
 *
 *     node lint-in-child.js <plugin | nothing>
 */
import { readFileSync } from 'node:fs';
import type { Linter } from 'eslint';
import type { Plugin } from '../../rules/index.ts';
import type { BenchFile } from './bench-files.ts';
import { IDLE, lintEach } from './lint-each.ts';

const files = JSON.parse(readFileSync(0, 'utf8')) as BenchFile[];
const [, , plugin = 'nothing'] = process.argv;
const { configs } = plugin === 'nothing' ? { configs: undefined } : ((await import(plugin)) as { default: Plugin }).default;
for (const lint of lintEach(files, (configs?.recommended as unknown as Linter.Config | undefined) ?? IDLE)) lint();
console.log(process.resourceUsage().maxRSS);
