/**
 * The scenario that manifests make: a text to read and to edit.
 *
 * Expanded    a workload that the keys of a scenario can say without loss becomes an entry of its own
 * Kept        others stay in their manifests: one entry `manifests` names them, and says why
 * Assumed     what no manifest states (use of CPU, run times, sizes of images) is written out and marked as assumed
 */

import { US_PER_HOUR } from '../../base/units.ts';
import type { ManifestWorkloads } from '../../workload/manifests/manifest-workloads.ts';
import type { TaskSpec } from '../../cluster/spec.ts';
import { scenarioText } from './scenario-text.ts';
import { hostVariants, type Demand } from './host-variants.ts';
import {
  reasonsOfCronJob,
  reasonsOfDaemon,
  reasonsOfJob,
  reasonsOfService,
} from './kept-reasons.ts';
import {
  cronJobEntry,
  daemonEntry,
  jobEntry,
  serviceEntry,
  type WrittenEntry,
} from './workload-entries.ts';

export interface ImportAbout {
  /** Name of the scenario. */
  readonly name: string;
  /** First line of the text, as a comment. */
  readonly origin: string;
  /** How the scenario finds the manifests again; undefined when it cannot: then everything is expanded. */
  readonly manifests: { readonly path: string; readonly recursive: boolean } | undefined;
  readonly keeping: 'what-needs-it' | 'everything' | 'nothing';
  readonly nodePoolsPath: string | undefined;
}

/** A workload that stays in its manifests, and why. */
export interface KeptWorkload {
  readonly name: string;
  readonly reasons: readonly string[];
}

export interface ImportedScenario {
  readonly text: string;
  readonly expanded: readonly string[];
  /** With their reasons; those that were expanded nevertheless when `keeping` is nothing. */
  readonly kept: readonly KeptWorkload[];
}

const SHORT_RUN_US = 6 * US_PER_HOUR;
/** Schedules mean something over a day. */
const LONG_RUN_US = 24 * US_PER_HOUR;

interface Candidate {
  readonly name: string;
  readonly reasons: readonly string[];
  readonly demand: Demand;
  readonly write: (name: string) => WrittenEntry;
}

export function kubernetesScenario(found: ManifestWorkloads, about: ImportAbout): ImportedScenario {
  const runUs = found.cronJobs.length > 0 ? LONG_RUN_US : SHORT_RUN_US;
  const candidates = candidatesOf(found);
  const stays = ({ reasons }: Candidate) =>
    about.manifests !== undefined &&
    (about.keeping === 'everything' || (about.keeping === 'what-needs-it' && reasons.length > 0));
  const expanded = candidates.filter((candidate) => !stays(candidate));
  const staying = candidates.filter(stays);
  const entries = [...expandedEntries(expanded), ...manifestsEntry(staying, expanded, about)];
  const images = new Set([
    ...expanded.map(({ demand }) => demand.spec.image),
    ...staying.flatMap(({ demand }) => imagesOf(demand.spec)),
  ]);
  images.delete('');
  const variants = hostVariants({
    demands: candidates.map(({ demand }) => demand),
    nodes: found.nodes,
    nodePoolsPath: about.nodePoolsPath,
  });
  return {
    text: scenarioText(about, runUs, [...images], entries, variants),
    expanded: expanded.map(({ name }) => name),
    kept: (about.manifests === undefined ? candidates : [...staying, ...expanded])
      .filter(({ reasons }) => reasons.length > 0)
      .map(({ name, reasons }) => ({ name, reasons })),
  };
}

function candidatesOf(found: ManifestWorkloads): Candidate[] {
  return [
    ...found.services.map((service) => ({
      ...common(service, service.replicas),
      reasons: reasonsOfService(service, found),
      write: (name: string) => serviceEntry(service, name, found),
    })),
    ...found.jobs
      .filter(({ completions }) => completions > 0)
      .map((job) => ({
        ...common(job, job.parallelism),
        reasons: reasonsOfJob(job),
        write: (name: string) => jobEntry(job, name),
      })),
    ...found.cronJobs
      .filter(({ cronJob }) => !cronJob.isSuspended)
      .map((job) => ({
        ...common(job, 1),
        reasons: reasonsOfCronJob(job),
        write: (name: string) => cronJobEntry(job, name),
      })),
    ...found.daemons.map((daemon) => ({
      ...common(daemon, 1),
      reasons: reasonsOfDaemon(daemon),
      write: (name: string) => daemonEntry(daemon, name),
    })),
  ];
}

function common(workload: { readonly name: string; readonly spec: TaskSpec }, count: number) {
  const { name, spec } = workload;
  return { name, demand: { spec, count } };
}

/** Of all containers: what stays in its manifests pulls them all. */
function imagesOf({ image, pod }: TaskSpec): string[] {
  const containers = [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])];
  return [image, ...containers.map((one) => one.image)];
}

/** Names as a scenario wants them: a dot in a name becomes a hyphen. */
function expandedEntries(candidates: readonly Candidate[]): WrittenEntry[] {
  const names = new Set(['manifests']);
  return candidates.map(({ name, write, reasons }) => {
    const plain = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
    let unique = plain;
    for (let number = 2; names.has(unique); number++) unique = `${plain}-${number}`;
    names.add(unique);
    const entry = write(unique);
    const lost = reasons.length === 0 ? [] : [`not said here: ${reasons.join(', ')}`];
    return { ...entry, remarks: [...entry.remarks, ...lost] };
  });
}

function manifestsEntry(
  staying: readonly Candidate[],
  expanded: readonly Candidate[],
  { manifests }: ImportAbout,
): WrittenEntry[] {
  if (manifests === undefined || staying.length === 0) return [];
  const isWhole = expanded.length === 0;
  const why = staying.filter(({ reasons }) => reasons.length > 0);
  return [
    {
      kind: 'manifests',
      keys: {
        path: manifests.path,
        recursive: manifests.recursive ? true : undefined,
        only: isWhole ? undefined : staying.map(({ name }) => name),
        usage: '50%',
        jobDuration: staying.some(({ demand }) => demand.spec.kind === 'job') ? '1m' : undefined,
      },
      assumed: ['usage', 'jobDuration'],
      remarks: why.map(({ name, reasons }) => `${name}: ${reasons.join(', ')}`),
    },
  ];
}
