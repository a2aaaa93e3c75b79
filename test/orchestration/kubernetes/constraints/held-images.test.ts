import { describe, expect, it } from 'vitest';
import { ClusterBuilder } from '../../cluster-builder.ts';
import { HOST_STATE } from '../../../../src/cluster/hosts.ts';
import { MIB } from '../../../../src/base/units.ts';
import { PodRules } from '../../../../src/orchestration/kubernetes/constraints/pod-rules.ts';
import { TallyBook } from '../../../../src/orchestration/kubernetes/constraints/tally-book.ts';

/** Ten nodes, of which some report an image of 500 MiB; and the score of a pod that names it, where it is. */
function world(reporting: number) {
  const builder = new ClusterBuilder();
  const { cluster, ledger } = builder;
  const image = cluster.images.register('model:v1', 500 * MIB);
  const hosts = Array.from({ length: 10 }, () => builder.host());
  for (const host of hosts.slice(0, reporting)) ledger.reportImages(host, [image], 0);
  const workload = builder.workload('service', { image: 'model:v1' });
  const request = { spec: cluster.workloads.spec[workload]!, workload };
  const rules = new PodRules(cluster, request, new TallyBook(cluster, 0));
  return { ledger, hosts, score: () => rules.imageScore((one) => one.at(hosts[0]!) === 1) };
}

describe('the score of an image on a node', () => {
  it.each([
    [1, 2], // 500 x 1/10 =  50 MiB: 100 ( 50 - 23) div 977
    [5, 23], //              250 MiB: 100 (250 - 23) div 977
    [10, 48], //             500 MiB: 100 (500 - 23) div 977
  ])(
    'with the image on %d of 10 nodes is %d (worked values of kubernetes.md 6)',
    (nodes, score) => {
      expect(world(nodes).score()).toBe(score);
    },
  );

  it('counts nodes that are being drained, and no more those that have ended', () => {
    const { ledger, hosts, score } = world(5);
    ledger.setHostState(hosts[4]!, HOST_STATE.draining, 0);
    expect(score()).toBe(23);
    ledger.setHostState(hosts[4]!, HOST_STATE.terminating, 0);
    // 4 of 9 nodes: 222.2 MiB, 100 x 199.2 div 977.
    expect(score()).toBe(20);
    ledger.setHostState(hosts[9]!, HOST_STATE.terminating, 0);
    // 4 of 8: 250 MiB.
    expect(score()).toBe(23);
  });
});
