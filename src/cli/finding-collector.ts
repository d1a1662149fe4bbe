/** Keeps what the engine found while a linter runs the rules: lint messages have no room for the way to a finding. */
import type { TSESLint } from '@typescript-eslint/utils';
import type { Finding, SiteVerdict } from '../findings/finding.ts';
import { excerpt } from '../syntax/excerpt.ts';
import { analysisOf, isWorthAnalysing } from '../rule/analysis-of.ts';
import { isOneOffFile } from '../rule/is-one-off-file.ts';
import type { LintMessage } from './load-tools.ts';
import { libraryOf, placeOf, stepsOf, type LocatedFinding, type Place } from './located-finding.ts';

/** An acquisition, and what became of it. */
export interface LocatedSite extends Place {
  readonly file: string;
  /** The source of the call, on one line, without the contents of strings. */
  readonly call: string;
  readonly library: string | undefined;
  readonly verdict: SiteVerdict['verdict'];
  /** Why the verdict is `unknown`, or where the obligation went. */
  readonly reason: string | undefined;
  /** Whether the rules say nothing in this file by default: a test, a script, a migration, or a module that ends what it opens. */
  readonly isOneOff: boolean;
}

type KeptFinding = Pick<LocatedFinding, 'message' | 'line' | 'column' | 'library' | 'steps'>;

/** The name of the collecting rule, below the prefix under which it is registered. */
export const COLLECTING_RULE = 'collect';

/** A plugin with one rule that reports nothing, and what it has seen. */
export class FindingCollector {
  private readonly findings = new Map<string, readonly KeptFinding[]>();
  private readonly sites = new Map<string, readonly LocatedSite[]>();
  private readonly onFile: () => void;

  /** `onFile` is called for each file that is linted. */
  constructor(onFile: () => void = () => undefined) {
    this.onFile = onFile;
  }

  /** To be registered beside the rules, and switched on. It shares the analysis with them. */
  get plugin(): { rules: Record<typeof COLLECTING_RULE, TSESLint.RuleModule<string>> } {
    return { rules: { [COLLECTING_RULE]: this.rule } };
  }

  private get rule(): TSESLint.RuleModule<string> {
    return {
      meta: { type: 'problem', messages: {}, schema: [] },
      defaultOptions: [],
      create: (context) => {
        this.onFile();
        const file = context.physicalFilename;
        this.findings.delete(file);
        this.sites.delete(file);
        if (!isWorthAnalysing(context)) return {};
        return { Program: () => this.keep(file, context) };
      },
    };
  }

  private keep(file: string, context: Readonly<TSESLint.RuleContext<string, readonly unknown[]>>): void {
    const { findings, sites, runsOnce } = analysisOf(context);
    const isOneOff = runsOnce || isOneOffFile(context.filename, context.cwd);
    this.findings.set(file, findings.map(keptOf));
    this.sites.set(
      file,
      sites.map(({ node, path, verdict, reason }) => ({
        ...placeOf(node), file, call: excerpt(node, context.sourceCode.text), library: libraryOf(path), verdict, reason, isOneOff,
      })),
    );
  }

  /** The finding that `message`, a lint message on `file`, is about; without steps where it was not seen here. */
  locate(file: string, message: LintMessage): LocatedFinding {
    const kept = this.findings.get(file)?.find((one) => one.line === message.line && one.column === message.column && one.message === message.message);
    const { line, column } = message;
    return {
      file,
      rule: message.ruleId ?? '',
      severity: message.severity === 1 ? 'warning' : 'error',
      message: message.message,
      line,
      column,
      endLine: message.endLine ?? line,
      endColumn: message.endColumn ?? column + 1,
      library: kept?.library,
      steps: kept?.steps ?? [],
    };
  }

  /** The acquisitions in `file`, in the order of its text. Files are linted in any order, side by side. */
  sitesOf(file: string): readonly LocatedSite[] {
    return this.sites.get(file) ?? [];
  }
}

function keptOf(finding: Finding): KeptFinding {
  const { line, column } = placeOf(finding.node);
  return { message: finding.message, line, column, library: libraryOf(finding.path), steps: stepsOf(finding) };
}
