#!/usr/bin/env node
/** The command `berth`. */

import { readFileSync } from 'node:fs';
import { isatty } from 'node:tty';
import { berth } from './berth.ts';

const { stdin, stdout, stderr, argv, env } = process;

// The reader of a pipe may leave when it has seen enough, as `head` does.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await berth(argv.slice(2), {
  out: (text) => void stdout.write(text),
  err: (text) => void stderr.write(text),
  input: () => readFileSync(stdin.fd, 'utf8'),
  isScreen: isatty(stderr.fd),
  isColoured: isatty(stdout.fd) && !env['NO_COLOR'],
  environment: env,
});
