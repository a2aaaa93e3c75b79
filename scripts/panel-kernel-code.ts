/** The WebAssembly of src/placement/wasm from its source, and the TypeScript module that holds it. */

import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { format } from 'prettier';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';

export const PANEL_KERNEL_SOURCE = 'src/placement/wasm/panel-kernel.as';

const COMPILER = 'assemblyscript@0.28.20';
const OPTIONS = '-O3 --noAssert --runtime stub --enable simd --initialMemory 1'.split(' ');

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Compiles; with `--offline` among `npxOptions`, only when the compiler is already on this machine. */
export function compilePanelKernel(source: Uint8Array, npxOptions: readonly string[] = []): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'berth-wasm-'));
  try {
    writeFileSync(join(folder, 'panel-kernel.ts'), source);
    const npx = ['--yes', ...npxOptions, '-p', COMPILER, 'asc', 'panel-kernel.ts'];
    execFileSync('npx', [...npx, ...OPTIONS, '-o', 'panel-kernel.wasm'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return readFileSync(join(folder, 'panel-kernel.wasm'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function panelKernelModule(source: Uint8Array, code: Buffer): Promise<string> {
  const text = `
    /** Made by scripts/make-wasm.ts from panel-kernel.as with ${COMPILER}: ${code.length} bytes of WebAssembly. */
    
    /** Of the source that this was made from. */
    export const PANEL_KERNEL_SOURCE_SHA256 = '${sha256(source)}';

    export const PANEL_KERNEL_BASE64 = '${code.toString('base64')}';
  `;
  return format(text, { parser: 'typescript', singleQuote: true, printWidth: 100 });
}
