/**
 * Tightest memory: break as few whole blocks of free memory as possible, and among equals leave the least memory free.
 *
 *     lost(h)  = floor(free / block) - floor((free - demand) / block)
 *     score(h) = -lost(h) x 2^32 - (free - demand) in MiB
 *
 * A block is what the largest tasks ask for. Small tasks then gather where no block is left to break, and hosts with
 * whole blocks stay open for large tasks.
 *
 * Units      bytes; the score is an integer below 2^53 for hosts of up to 4 PiB and half a million blocks.
 * Cost       O(1) a host: a column of the host and one of the task's spec, nothing else.
 */

import type { PolicyKind } from 'berth';

const MIB = 1_048_576;
const GIB = 1024 * MIB;
const ONE_BLOCK = 4096 * MIB;

const tightestMemory: PolicyKind = {
  name: 'tightest-memory',
  summary:
    'the host where the fewest blocks of memory are broken, then the one left with the least',
  parameters: { block: ['16GiB', '8GiB', '4GiB'] },
  create({ block }) {
    const blockBytes = Number.parseInt(block!, 10) * GIB;
    return {
      score(host, { spec }, view) {
        const free = view.hosts.memoryFree[host]!;
        const left = free - view.specs.memoryBytes[spec]!;
        const lost = Math.floor(free / blockBytes) - Math.floor(left / blockBytes);
        return -lost * ONE_BLOCK - Math.floor(left / MIB);
      },
    };
  },
};

export default tightestMemory;
