/** Builds a rule from its description: which findings it reports. All flow logic is in the engine. */
import type { TSESLint } from '@typescript-eslint/utils';
import type { Finding, FindingKind } from '../findings/finding.ts';
import type { FixStyle } from '../fixes/fix-style.ts';
import { analysisOf, isOneOff, isWorthAnalysing } from './analysis-of.ts';
import { editsOfReport } from './edits-of-report.ts';

/** What the documentation and the presets are made from. */
export interface RuleDocs {
  readonly description: string;
  readonly recommended: boolean;
  readonly url: string;
}

/** What each rule takes as its option. */
export interface RuleOptions {
  /** `services`: the default. `all`: tests, scripts, migrations and seeds as well. */
  readonly code?: 'services' | 'all';
  /** `no-stored-connection`: what may be kept for `LISTEN` or an advisory lock. `client`: a connection of its own. `pooled`: one of a pool as well. */
  readonly dedicated?: 'client' | 'pooled';
  /** `require-release`: which forms of fixes are offered, the one that is wanted most first. */
  readonly fixStyle?: readonly FixStyle[];
}

export type ConnectionLeaksRule = TSESLint.RuleModule<'finding' | 'edit', readonly [RuleOptions?], RuleDocs>;

/** One of a few words, or a list of them. */
type OptionSchema =
  | { readonly type: 'string'; readonly description: string; readonly enum: readonly string[] }
  | { readonly type: 'array'; readonly description: string; readonly items: { readonly type: 'string'; readonly enum: readonly string[] }; readonly uniqueItems: true };

export interface RuleDescription {
  readonly name: string;
  readonly description: string;
  readonly recommended: boolean;
  /** The kinds of finding that the rule reports. */
  readonly reports: readonly FindingKind[];
  /** Options that only this rule has: the schema of each. */
  readonly options?: Readonly<Record<string, OptionSchema>>;
  /** Whether there are edits that take such a finding away. */
  readonly hasFixes?: true;
  /** Whether an option of this rule allows what was found. */
  readonly allows?: (finding: Finding, options: RuleOptions) => boolean;
}

/** Where the page of a rule is. */
export function ruleUrl(name: string): string {
  return `https://github.com/connection-leaks/eslint-plugin-connection-leaks/blob/main/docs/rules/${name}.md`;
}

/** The rule. It does nothing in a file that cannot hold an acquisition. */
export function createRule(description: RuleDescription): ConnectionLeaksRule {
  return {
    meta: {
      type: 'problem',
      docs: { description: description.description, recommended: description.recommended, url: ruleUrl(description.name) },
      messages: { finding: '{{ message }}', edit: '{{ title }}' },
      ...(description.hasFixes === true && { fixable: 'code', hasSuggestions: true }),
      schema: [
        {
          type: 'object',
          properties: {
            code: {
              type: 'string',
              description: 'Which code is judged: services only, or tests, mocks, scripts, migrations and seeds as well.',
              enum: ['services', 'all'],
            },
            ...description.options,
          },
          additionalProperties: false,
        },
      ],
      defaultOptions: [{ code: 'services' }],
    },
    defaultOptions: [{ code: 'services' }],
    create(context) {
      const options = context.options[0] ?? {};
      const judgesAll = options.code === 'all';
      if ((!judgesAll && isOneOff(context)) || !isWorthAnalysing(context)) return {};
      return {
        Program() {
          const { findings, manualReleases, runsOnce, fixesOf } = analysisOf(context);
          if (runsOnce && !judgesAll) return;
          for (const finding of description.reports.includes('manual-release') ? manualReleases() : findings) {
            if (!description.reports.includes(finding.kind) || description.allows?.(finding, options) === true) continue;
            const edits = description.hasFixes === true ? editsOfReport(fixesOf(finding, options.fixStyle)) : {};
            context.report({ node: finding.node, messageId: 'finding', data: { message: finding.message }, ...edits });
          }
        },
      };
    },
  };
}
