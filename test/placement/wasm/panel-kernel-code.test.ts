import { expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import {
  PANEL_KERNEL_BASE64,
  PANEL_KERNEL_SOURCE_SHA256,
} from '../../../src/placement/wasm/panel-kernel-code.ts';
import {
  PANEL_KERNEL_SOURCE,
  compilePanelKernel,
  sha256,
} from '../../../scripts/panel-kernel-code.ts';

const source = readFileSync(PANEL_KERNEL_SOURCE);

/** Without the network: undefined when the compiler is not on this machine. */
function compiledHere(): string | undefined {
  try {
    return compilePanelKernel(source, ['--offline']).toString('base64');
  } catch {
    return undefined;
  }
}

it('the WebAssembly in the repository was made from the source beside it (npm run wasm)', () => {
  expect(PANEL_KERNEL_SOURCE_SHA256).toBe(sha256(source));
});

it('the compiler makes the same bytes again', ({ skip }) => {
  const code = compiledHere();
  skip(code === undefined, 'the AssemblyScript compiler is not in the cache of npx');
  expect(code).toBe(PANEL_KERNEL_BASE64);
});
