import { relativeFile } from './relative-file.ts';
import type { Report } from './report.ts';

/** Workflow commands of GitHub Actions, one line each: the findings appear as annotations in the pull request. See the documentation of GitHub, "Workflow commands". */
export function formatGithub({ findings, unread, cwd }: Report): string {
  const lines = findings.map(({ file, rule, severity, message, line, column, endLine, endColumn }) => {
    const properties = { file: relativeFile(file, cwd), line, endLine, ...(line === endLine ? { col: column, endColumn } : {}), title: rule };
    return command(severity, properties, message);
  });
  lines.push(...unread.map(({ file, message }) => command('error', { file: relativeFile(file, cwd), title: 'not read' }, message)));
  return lines.join('\n');
}

function command(name: string, properties: Readonly<Record<string, string | number>>, message: string): string {
  const written = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name} ${written.join(',')}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
