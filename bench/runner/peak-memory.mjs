/**
 * Loaded into every process of a program by NODE_OPTIONS: writes the largest resident memory of the process, in bytes, to
 * a file of its own in the folder that BENCH_MEMORY names, when the process ends.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

process.on('exit', () => {
  const bytes = process.resourceUsage().maxRSS * 1024;
  writeFileSync(join(process.env.BENCH_MEMORY, `${process.pid}`), `${bytes}`);
});
