/**
 * Named random streams under one root seed.
 *
 * Each stream is a generator of its own, seeded with `<root seed>/<name>`: drawing more from one shifts no other, which
 * is what makes two variants comparable (common random numbers). There is no default seed and no unnamed stream.
 *
 * Generator  J. Baagoe's Alea (multiply-with-carry, period about 2^116) from seedrandom; draws have 53 bits.
 * State      four numbers, which survive JSON exactly.
 */

import seedrandom from 'seedrandom';
import { assert } from '../base/assert.ts';

/** Flat, JSON-safe state of one stream. */
export interface StreamState {
  readonly c: number;
  readonly s0: number;
  readonly s1: number;
  readonly s2: number;
}

/** A sequence of independent numbers, uniform in [0, 1). */
export class Stream {
  private generator: seedrandom.StatefulPRNG<seedrandom.State.Alea>;

  constructor(seed: string) {
    this.generator = seedrandom.alea(seed, { state: true });
  }

  next(): number {
    return this.generator.double();
  }

  save(): StreamState {
    return this.generator.state();
  }

  /** Continues where `save` was called: the next draws are the same. */
  restore(state: StreamState): void {
    this.generator = seedrandom.alea('', { state: { ...state } });
  }
}

export class Streams {
  private readonly rootSeed: string;
  private readonly opened = new Map<string, Stream>();

  constructor(rootSeed: string | number) {
    this.rootSeed = `${rootSeed}`;
    assert(this.rootSeed !== '', 'expected a root seed; found the empty text');
  }

  /** A name can be opened once: two owners of one stream would draw the same numbers. */
  open(name: string): Stream {
    assert(name !== '', 'expected the name of a random stream; found the empty text');
    assert(!this.opened.has(name), () => `the random stream ${name} is opened a second time`);
    const stream = new Stream(`${this.rootSeed}/${name}`);
    this.opened.set(name, stream);
    return stream;
  }

  /** The state of every opened stream, by name in order of opening. */
  save(): Record<string, StreamState> {
    const states: Record<string, StreamState> = {};
    for (const [name, stream] of this.opened) states[name] = stream.save();
    return states;
  }

  /** Restores every opened stream. The same names must have been opened as when the state was saved. */
  restore(states: Readonly<Record<string, StreamState>>): void {
    for (const name of Object.keys(states)) {
      assert(this.opened.has(name), () => `the saved random stream ${name} has not been opened`);
    }
    for (const [name, stream] of this.opened) {
      const state = states[name];
      assert(state !== undefined, () => `the saved state lacks the random stream ${name}`);
      stream.restore(state);
    }
  }
}
