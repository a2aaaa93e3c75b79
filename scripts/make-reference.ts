/** Writes the reference page and the JSON Schema of the scenario file: `npx tsx scripts/make-reference.ts`. */

import { writeFileSync } from 'node:fs';
import { generatedFiles } from './generated-files.ts';

for (const [path, text] of await generatedFiles()) writeFileSync(path, text);
