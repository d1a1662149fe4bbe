import { version } from '../../package.json';
import plugin, { type RuleName } from '../../rules/index.ts';
import { fingerprintsOf } from './fingerprint.ts';
import type { LocatedFinding, Place } from './located-finding.ts';
import { relativeFile } from './relative-file.ts';
import type { Report } from './report.ts';

/** The root of the project, for whoever reads the report: paths are relative to it, and it is not told where it lies. */
const ROOT = 'SRCROOT';

const RULES = Object.entries(plugin.rules).map(([name, { meta }]) => ({
  id: `connection-leaks/${name as RuleName}`,
  name: pascalCase(name),
  shortDescription: { text: `${meta.docs.description}.` },
  fullDescription: { text: `${meta.docs.description}.` },
  helpUri: meta.docs.url,
  help: { text: `See ${meta.docs.url}` },
  defaultConfiguration: { level: 'error' },
}));

/**
 * The findings in the Static Analysis Results Interchange Format (OASIS, SARIF 2.1.0): the way to each finding is a code flow, and its fingerprint stays
 * the same when lines above it change.
 */
export function formatSarif({ findings, unread, cwd }: Report): string {
  const fingerprints = fingerprintsOf(findings, cwd);
  return JSON.stringify(
    {
      $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'eslint-plugin-connection-leaks', version, semanticVersion: version, informationUri: 'https://www.npmjs.com/package/eslint-plugin-connection-leaks', rules: RULES } },
          columnKind: 'utf16CodeUnits',
          originalUriBaseIds: { [ROOT]: { description: { text: 'The root of the project.' } } },
          invocations: [
            {
              executionSuccessful: unread.length === 0,
              toolExecutionNotifications: unread.map(({ file, message }) => ({
                level: 'error', message: { text: message }, locations: [{ physicalLocation: { artifactLocation: artifact(file, cwd) } }],
              })),
            },
          ],
          results: findings.map((finding, index) => ({
            ruleId: finding.rule,
            ruleIndex: RULES.findIndex(({ id }) => id === finding.rule),
            level: finding.severity,
            message: { text: finding.message },
            locations: [location(finding.file, finding, cwd)],
            partialFingerprints: { 'connectionLeak/v1': fingerprints[index] },
            ...(finding.steps.length > 0 ? { codeFlows: [codeFlow(finding, cwd)] } : {}),
          })),
        },
      ],
    },
    null,
    2,
  );
}

function codeFlow({ file, steps }: LocatedFinding, cwd: string): object {
  const locations = steps.map((step, index) => ({
    location: { ...location(file, step, cwd), message: { text: step.text } },
    executionOrder: index + 1,
    importance: 'essential',
  }));
  return { threadFlows: [{ locations }] };
}

function location(file: string, { line, column, endLine, endColumn }: Place, cwd: string): { physicalLocation: object } {
  return { physicalLocation: { artifactLocation: artifact(file, cwd), region: { startLine: line, startColumn: column, endLine, endColumn } } };
}

function artifact(file: string, cwd: string): object {
  return { uri: relativeFile(file, cwd).split('/').map(encodeURIComponent).join('/'), uriBaseId: ROOT };
}

function pascalCase(name: string): string {
  return name.replace(/(?:^|-)(\w)/g, (_match, letter: string) => letter.toUpperCase());
}
