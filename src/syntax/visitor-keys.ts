import type { VisitorKeys } from './each-child.ts';

/** No keys: every node is searched field by field. For callers that have none at hand; a linter passes its parser's. */
export const VISITOR_KEYS: VisitorKeys = {};
