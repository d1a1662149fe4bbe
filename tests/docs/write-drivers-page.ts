/** Writes docs/drivers.md (`npm run docs:drivers`). */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DRIVERS } from '../../src/drivers/drivers.ts';
import { writeDriversPage } from './drivers-page.ts';

writeFileSync(fileURLToPath(new URL('../../docs/drivers.md', import.meta.url)), writeDriversPage(DRIVERS));
