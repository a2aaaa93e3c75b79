/**
 * Compiles src/placement/wasm/panel-kernel.as into panel-kernel-code.ts beside it, so that nobody who installs needs the compiler.
 *
 *     npm run wasm
 *
 * The compiler comes through npx in a fixed version and is no dependency. It wants a name that ends in `.ts`; the source is
 * called otherwise because it is no TypeScript.
 */

import { PANEL_KERNEL_SOURCE, compilePanelKernel, panelKernelModule } from './panel-kernel-code.ts';
import { readFileSync, writeFileSync } from 'node:fs';

const source = readFileSync(PANEL_KERNEL_SOURCE);
writeFileSync(
  'src/placement/wasm/panel-kernel-code.ts',
  await panelKernelModule(source, compilePanelKernel(source)),
);
