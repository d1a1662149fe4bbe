import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import Ajv from 'ajv';

const schema = JSON.parse(readFileSync(resolve(import.meta.dirname, 'schemas/sarif-2.1.0.json'), 'utf8')) as object;
// The schema is one of draft 4, whose own schema the validator does not know unasked.
const ajv = new Ajv({ schemaId: 'auto', allErrors: true });
ajv.addMetaSchema(createRequire(import.meta.url)('ajv/lib/refs/json-schema-draft-04.json') as object);
const validate = ajv.compile(schema);

/** What the schema of SARIF 2.1.0 has against a log, a line each. */
export function validateSarif(log: string): string[] {
  validate(JSON.parse(log));
  return (validate.errors ?? []).map(({ dataPath, message, params }) => `${dataPath} ${message ?? ''} ${JSON.stringify(params)}`);
}
