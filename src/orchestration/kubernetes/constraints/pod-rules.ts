/**
 * What the default profile looks at for one request beyond the room of a node: which nodes are alike to it, and what it makes
 * of them. Nodes of one class get the same of every plugin in a cycle, so these are worked out once a class.
 *
 * Class      the node's taints and preferred labels, its domains under the keys that are asked about, and what is counted of the
 *            pods on the node itself.
 */

import { HOST_KEY } from '../topology-keys.ts';
import { affinityRules } from './affinity-rules.ts';
import { heldImages } from './held-images.ts';
import { localityScore, spreadBytes } from '../framework/plugins/image-locality.ts';
import { dislikedTaints } from '../cycle/taint-score.ts';
import {
  requiresAllKeys,
  spreadConstraints,
} from '../framework/plugins/pod-topology-spread-constraints.ts';
import { spreadRule } from './spread-rule.ts';
import { termMatches } from '../framework/node-terms.ts';
import { DEFAULT_ARGUMENTS } from '../../../cluster/plugin-arguments.ts';
import type { AffinityRules } from './affinity-rules.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { Domains } from './domains.ts';
import type { NodeTerm, PodTemplate, Weighted } from '../../../cluster/pod-template.ts';
import type { HeldImage } from './held-images.ts';
import type { HostKind } from '../../../cluster/specs.ts';
import type { PlacementRequest } from '../../../placement/policy.ts';
import type { SpreadRule } from './spread-rule.ts';
import type { Tally } from './tally.ts';
import type { TallyBook } from './tally-book.ts';

export class PodRules {
  /** Rules that filter and rules that score. */
  readonly hard: readonly SpreadRule[];
  readonly soft: readonly SpreadRule[];
  /** Is a node without one of the keys left out of the scores of spreading? */
  readonly leavesOut: boolean;
  readonly affinity: AffinityRules;
  /** Every tally of the above: those over other keys than the host name, and those over it. */
  readonly domains: readonly Domains[];
  readonly hostTallies: readonly Tally[];
  readonly images: readonly HeldImage[];
  private readonly template: PodTemplate;
  private readonly view: ClusterView;
  private readonly spec: number;
  private readonly preferredTerms: readonly Weighted<NodeTerm>[];
  /** Books change their generation, and templates with new terms come: then the rules are void. */
  private readonly generation: number;
  private readonly opinions: number;
  private readonly book: TallyBook;

  constructor(view: ClusterView, request: PlacementRequest, book: TallyBook) {
    this.view = view;
    this.book = book;
    this.spec = request.spec;
    this.generation = book.generation;
    this.opinions = book.templates.opinionated.length;
    const pod = book.templates.at(view.specs.templateOf(request.spec));
    this.template = pod.template;
    this.images = heldImages(pod.template, view);
    this.preferredTerms = pod.template.preferredNodeTerms;
    const kindAt = (kind: number): HostKind => view.specs.kindAt(kind);
    const rulesOf = (action: 'DoNotSchedule' | 'ScheduleAnyway', allKeys: boolean) => {
      const constraints = spreadConstraints(pod, DEFAULT_ARGUMENTS.spread, action);
      const keys = allKeys ? constraints.map(({ topologyKey }) => topologyKey) : [];
      // Every node has a host name, which is no label of its kind.
      const labels = keys.filter((key) => key !== HOST_KEY);
      return constraints.map((one) => spreadRule(pod, one, book, kindAt, labels));
    };
    this.leavesOut = requiresAllKeys(pod, DEFAULT_ARGUMENTS.spread);
    this.hard = rulesOf('DoNotSchedule', true);
    this.soft = rulesOf('ScheduleAnyway', this.leavesOut);
    this.affinity = affinityRules(pod, book);
    const tallies = this.tallies;
    this.domains = [...new Set(tallies.map(({ domains }) => domains))].filter(
      ({ isByHost }) => !isByHost,
    );
    this.hostTallies = tallies.filter(({ domains }) => domains.isByHost);
  }

  /** Is there something that may refuse a node with room? */
  get filters(): boolean {
    const { liked, disliked, ports } = this.affinity;
    return this.hard.length + liked.length + disliked.length + ports.length > 0;
  }

  /** Does the pod prefer nodes by their labels? */
  get prefersNodes(): boolean {
    return this.preferredTerms.length > 0;
  }

  get isVoid(): boolean {
    const { generation, templates } = this.book;
    return this.generation !== generation || this.opinions !== templates.opinionated.length;
  }

  /** When nobody asks by these rules any more. */
  close(): void {
    this.book.close(this.tallies);
  }

  /** PreferNoSchedule taints that the pod does not tolerate. */
  dislikedTaints(kind: number): number {
    return dislikedTaints(this.view.specs.at(this.spec), this.view.specs.kindAt(kind));
  }

  /** Sum of the weights of the preferred node terms that match. */
  preferred(kind: number): number {
    const { labels } = this.view.specs.kindAt(kind);
    let sum = 0;
    for (const { term, weight } of this.preferredTerms) {
      if (termMatches(term, { labels })) sum += weight;
    }
    return sum;
  }

  /** ImageLocality of a node that reports those of the pod's images for which `holds` says so. */
  imageScore(holds: (image: HeldImage) => boolean): number {
    const { images: known } = this.view;
    const { cluster } = this.book;
    let bytes = 0;
    for (const one of this.images) {
      if (!holds(one)) continue;
      const nodesWithImage = known.nodesWithImage(one.image, cluster);
      const nodes = known.nodesOf(cluster);
      bytes += one.times * spreadBytes(known.bytes[one.image]!, nodesWithImage, nodes);
    }
    return localityScore(bytes, this.template);
  }

  /** Equal for kinds of nodes that no rule tells apart, but for what is counted on a node itself. */
  alike(kind: number): readonly (number | boolean)[] {
    return [
      this.dislikedTaints(kind),
      this.preferred(kind),
      ...this.domains.map((domains) => domains.ofKind(kind)),
      ...[...this.hard, ...this.soft].map(({ countsKind }) => countsKind?.(kind) ?? true),
    ];
  }

  private get tallies(): Tally[] {
    const { liked, disliked, ports, preferences } = this.affinity;
    const spread = [...this.hard, ...this.soft].map(({ tally }) => tally);
    return [...spread, ...liked, ...disliked, ...ports, ...preferences];
  }
}
