/** The schema of the option `dedicated`: what may be kept for `LISTEN` or an advisory lock. */
export const DEDICATED_OPTION = {
  type: 'string',
  description: 'What may be kept for LISTEN or an advisory lock: a connection of its own only, or one of a pool as well.',
  enum: ['client', 'pooled'],
} as const;
