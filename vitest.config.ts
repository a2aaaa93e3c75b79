import { defineConfig } from 'vitest/config';

// One worker a core: left to itself Vitest keeps a core free, and of two that is half.
export default defineConfig({
  test: { include: ['test/**/*.test.ts'], testTimeout: 120_000, maxWorkers: '100%' },
});
