// npm run demo: scans the example service, prints each finding, and fails unless they are exactly the expected ones.
// npm run demo -- --fix: prints what the fixes change in it, and writes nothing.
import path from 'node:path';

import { fixProject } from '../../../src/cli/fix-project.ts';
import { printFinding } from '../../../src/cli/format-pretty.ts';
import { linesOf } from '../../../src/cli/scan-project.ts';
import { compareFindings, readExpectedFindings } from './compare-findings.ts';
import { exampleFolder, lintExample } from './lint-example.ts';

if (process.argv.includes('--fix')) {
  const { files, left } = await fixProject({ cwd: exampleFolder, paths: ['src'], code: 'services', suggestions: false, rules: [], dryRun: true });
  for (const { diff } of files) console.log(diff);
  console.log(`The fixes change ${files.length} files of the order service; ${left} findings need a closer look.`);
  process.exit();
}

const expected = readExpectedFindings();
const findings = await lintExample();
const root = path.resolve(exampleFolder, '../..');

for (const finding of findings) console.log(`${printFinding(finding, { cwd: root, linesOf })}\n`);

const files = new Set(findings.map((finding) => finding.file)).size;
console.log(`${findings.length} findings in ${files} files of a small order service (docs/example/src).`);

const differences = compareFindings(findings, expected.findings);
if (differences.length > 0) {
  console.error(`\nNot what docs/example/expected-findings.json says:\n${differences.map((line) => `- ${line}`).join('\n')}`);
  process.exitCode = 1;
} else {
  console.log(`${expected.silent.length} more functions look wrong and are right; nothing is reported there:`);
  for (const entry of expected.silent) console.log(`  ${entry.function}: ${entry.looksWrong} ${entry.isRight}`);
}
