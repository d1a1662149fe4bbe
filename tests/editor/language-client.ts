/** A client of a language server over stdio: as much of the Language Server Protocol (3.17) as an editor needs to show and apply what ESLint finds. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export interface Diagnostic {
  readonly range: Range;
  readonly message: string;
  readonly code: string;
  readonly codeDescription?: { readonly href: string };
  readonly source: string;
}

export interface CodeAction {
  readonly title: string;
  readonly kind?: string;
  readonly command?: { readonly command: string; readonly arguments?: readonly unknown[] };
}

export interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** What the extension for VS Code sends as its configuration, with its defaults. */
function configurationOf(folder: string): object {
  return {
    validate: 'on',
    packageManager: 'npm',
    useESLintClass: true,
    useFlatConfig: true,
    experimental: {},
    codeAction: { disableRuleComment: { enable: true, location: 'separateLine', commentStyle: 'line' }, showDocumentation: { enable: true } },
    codeActionOnSave: { mode: 'all' },
    format: false,
    quiet: false,
    onIgnoredFiles: 'off',
    options: {},
    rulesCustomizations: [],
    run: 'onType',
    problems: { shortenToSingleLine: false },
    nodePath: null,
    workingDirectory: { mode: 'location' },
    workspaceFolder: { uri: pathToFileURL(folder).href, name: 'test' },
  };
}

/** The answer of the question whether this ESLint may run: always. */
const APPROVED = 4;

/** One session of the ESLint language server in `folder`. */
export class LanguageClient {
  private readonly server: ChildProcess;
  private readonly folder: string;
  private readonly waiting = new Map<number, (message: Message) => void>();
  private readonly edits: unknown[] = [];
  private received = Buffer.alloc(0);
  private nextId = 1;

  constructor(folder: string) {
    this.folder = folder;
    const server = join(dirname(createRequire(import.meta.url).resolve('vscode-langservers-extracted/package.json')), 'bin/vscode-eslint-language-server');
    this.server = spawn(process.execPath, [server, '--stdio'], { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] });
    this.server.stdout!.on('data', (chunk: Buffer) => this.receive(chunk));
  }

  async start(): Promise<void> {
    const uri = pathToFileURL(this.folder).href;
    await this.request('initialize', {
      processId: process.pid,
      rootUri: uri,
      workspaceFolders: [{ uri, name: 'test' }],
      capabilities: {
        workspace: { configuration: true, workspaceFolders: true, applyEdit: true, workspaceEdit: { documentChanges: true } },
        textDocument: { diagnostic: {}, publishDiagnostics: {}, codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source.fixAll.eslint'] } } } },
      },
    });
    this.notify('initialized', {});
  }

  open(file: string, text: string): void {
    const languageId = file.endsWith('.ts') ? 'typescript' : 'javascript';
    this.notify('textDocument/didOpen', { textDocument: { uri: this.uriOf(file), languageId, version: 1, text } });
  }

  change(file: string, version: number, text: string): void {
    this.notify('textDocument/didChange', { textDocument: { uri: this.uriOf(file), version }, contentChanges: [{ text }] });
  }

  /** The squiggles of the file. */
  async diagnosticsOf(file: string): Promise<readonly Diagnostic[]> {
    const report = (await this.request('textDocument/diagnostic', { textDocument: { uri: this.uriOf(file) } })) as { items: readonly Diagnostic[] };
    return report.items;
  }

  /** What the light bulb offers for a squiggle. */
  async actionsFor(file: string, diagnostic: Diagnostic): Promise<readonly CodeAction[]> {
    const params = { textDocument: { uri: this.uriOf(file) }, range: diagnostic.range, context: { diagnostics: [diagnostic], only: ['quickfix'] } };
    return (await this.request('textDocument/codeAction', params)) as readonly CodeAction[];
  }

  /** Runs the command of an action; gives the edits that the server asks the editor to make in the file. */
  async editsOf({ command }: CodeAction): Promise<readonly TextEdit[]> {
    this.edits.length = 0;
    await this.request('workspace/executeCommand', { command: command!.command, arguments: command!.arguments });
    const changes = this.edits.flatMap((params) => (params as { edit: { documentChanges?: { edits: TextEdit[] }[] } }).edit.documentChanges ?? []);
    return changes.flatMap(({ edits }) => edits);
  }

  async stop(): Promise<void> {
    await this.request('shutdown', null);
    this.notify('exit', null);
    this.server.kill();
  }

  private uriOf(file: string): string {
    return pathToFileURL(join(this.folder, file)).href;
  }

  private request(method: string, params: unknown): Promise<unknown> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, ({ result, error }) => (error === undefined ? resolve(result) : reject(new Error(`${method}: ${error.message}`))));
      this.send({ id, method, params });
    });
  }

  private notify(method: string, params: unknown): void {
    this.send({ method, params });
  }

  private send(message: Message): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.server.stdin!.write(`Content-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`);
  }

  private receive(chunk: Buffer): void {
    this.received = Buffer.concat([this.received, chunk]);
    for (;;) {
      const end = this.received.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(this.received.subarray(0, Math.max(end, 0)).toString())?.[1]);
      if (end < 0 || this.received.length < end + 4 + length) return;
      const body = this.received.subarray(end + 4, end + 4 + length).toString();
      this.received = this.received.subarray(end + 4 + length);
      this.answer(JSON.parse(body) as Message);
    }
  }

  /** A response goes to whoever waits for it; a request of the server is answered as the extension does. */
  private answer({ id, method, params, ...response }: Message): void {
    if (method === undefined) {
      this.waiting.get(id!)?.({ ...response });
      this.waiting.delete(id!);
      return;
    }
    if (id === undefined) return;
    let result: unknown = null;
    if (method === 'workspace/configuration') result = (params as { items: unknown[] }).items.map(() => configurationOf(this.folder));
    if (method === 'eslint/confirmESLintExecution') result = APPROVED;
    if (method === 'workspace/applyEdit') {
      this.edits.push(params);
      result = { applied: true };
    }
    this.send({ id, result });
  }
}

/** `text` after `edits`, which do not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const offsetOf = ({ line, character }: Position): number => text.split('\n').slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + character;
  return [...edits]
    .sort((left, right) => offsetOf(right.range.start) - offsetOf(left.range.start))
    .reduce((result, { range, newText }) => result.slice(0, offsetOf(range.start)) + newText + result.slice(offsetOf(range.end)), text);
}
