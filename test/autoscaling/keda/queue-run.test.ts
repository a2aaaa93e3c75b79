import { describe, expect, it } from 'vitest';
import { experimentOf, runText } from '../../support/run-scenario.ts';

/** 20 messages a second from 10 min on, for half an hour; a replica takes 2 a second. */
const SCENARIO = `
name: letters
seed: 3
duration: 2h
workload:
  - service:
      name: reader
      cpu: 500m
      memory: 512MiB
      replicas: { min: 0, max: 20 }
      queue:
        arrivals: { profile: steps, steps: [{ at: 10m, rate: 20/s }, { at: 40m, rate: 0/s }] }
        perReplica: 2/s
      scaling:
        metrics: [{ messagesPerReplica: 100 }]
        keda: { activationMessages: 0 }
variants:
  eks:
    orchestrator: kubernetes
    pools: { own: { external: { hosts: 2, cpu: 16, memory: 64GiB, costPerHour: 0 } } }
`;

describe('a service that takes messages from a queue, scaled by KEDA (kubernetes.md 4.3)', () => {
  const { decisions } = runText(SCENARIO, true);
  const sizes = decisions
    .filter(({ decision }) => decision === 'scale-out' || decision === 'scale-in')
    .filter(({ reason }) => reason.includes('->'))
    .map(({ timeUs, actor, reason }) => ({ minute: timeUs / 60e6, actor, reason }));

  it('gets its first replica from KEDA within the 30 s of a look', () => {
    expect(sizes[0]).toMatchObject({ actor: 'keda', reason: '0 -> 1' });
    expect(sizes[0]!.minute).toBeGreaterThan(10);
    expect(sizes[0]!.minute).toBeLessThanOrEqual(10.5);
  });

  it('follows the length of the queue from 1 up: a replica for each 100 messages, 10 to keep up', () => {
    const ups = sizes.filter(({ actor }) => actor === 'hpa');
    expect(ups.length).toBeGreaterThan(2);
    const largest = ups.reduce(
      (most, { reason }) => Math.max(most, Number(reason.split(' -> ')[1])),
      0,
    );
    // 20/s against 2/s each
    expect(largest).toBeGreaterThanOrEqual(10);
    expect(largest).toBeLessThanOrEqual(20);
  });

  it('goes back to 0 by KEDA, more than 5 min after the last message was seen', () => {
    const last = sizes.at(-1)!;
    expect(last.actor).toBe('keda');
    expect(last.reason).toMatch(/ -> 0$/);
    expect(last.minute).toBeGreaterThan(45);
  });

  it('needs a queue where it is to follow one', () => {
    const without = SCENARIO.replace(/ {6}queue:\n.*\n.*\n/, '');
    expect(() => experimentOf(without)).toThrow('need `queue`');
  });
});
