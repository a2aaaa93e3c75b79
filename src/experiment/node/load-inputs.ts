/**
 * Reads every file that a scenario names, before the run: traces and host lists as streams through their readers,
 * manifests and NodePools as text. A file is read once for each way in which the variants read it, and hashed once.
 *
 * Faults of all files are reported together.
 */

import { join } from 'node:path';
import { ScenarioError, type Fault } from '../../base/scenario-error.ts';
import { readAvailabilityTrace } from '../../cloud/supply/availability-trace.ts';
import type { DepthSeries } from '../../cloud/supply/capacity-depth.ts';
import type { SchedulerConfiguration } from '../../cluster/scheduler-configuration.ts';
import type { HostShape, TaskTrace } from '../../cluster/spec.ts';
import { didYouMean } from '../../scenario/did-you-mean.ts';
import type { Experiment } from '../../scenario/experiment.ts';
import { inputFilesOf } from '../../scenario/input-files.ts';
import { manifestsKey, traceKey, type LoadedInputs } from '../../scenario/inputs.ts';
import type { ManifestsWorkload, TraceWorkload } from '../../scenario/schema-workload.ts';
import { readKubernetesManifests } from '../../workload/manifests/kubernetes.ts';
import { readSchedulerConfiguration } from '../../workload/manifests/scheduler-configuration.ts';
import type { ManifestWorkloads } from '../../workload/manifests/manifest-workloads.ts';
import { readNodeList } from '../../workload/manifests/node-list.ts';
import { csv } from '../../workload/traces/csv.ts';
import { kubernetesPods } from '../../workload/traces/kubernetes-pods.ts';
import { openbPods } from '../../workload/traces/openb-pods.ts';
import { readOpenbNodes } from '../../workload/traces/openb-nodes.ts';
import type { RejectedRow, TraceReader } from '../../workload/traces/reader.ts';
import { swf } from '../../workload/traces/swf.ts';
import type { FileRecord } from '../manifest.ts';
import { inputFault, inputPath, type InputPlace } from './input-path.ts';
import { manifestFiles } from './manifest-files.ts';
import { readText, sha256OfFile, textChunks } from './read-input.ts';

export interface InputFiles {
  readonly inputs: LoadedInputs;
  /** Paths as the scenario writes them; `PATH/NAME` for a file of a folder. */
  readonly records: readonly FileRecord[];
  /** Rows that were left out; empty unless bad rows were to be skipped. */
  readonly rejected: readonly RejectedRow[];
}

const READERS: Record<TraceWorkload['format'], TraceReader> = {
  swf,
  openb: openbPods,
  csv,
  kubernetes: kubernetesPods,
};
/** Hosts are listed as Nodes; any other file is a node list of the openb trace. */
const NODE_MANIFEST = /\.(ya?ml|json)(\.gz)?$/;

/** Throws ScenarioError with the faults of every file. */
export async function loadInputs(
  experiment: Experiment,
  place: InputPlace,
  skipBadRows: boolean,
): Promise<InputFiles> {
  const loading = new Loading(place, skipBadRows);
  for (const trace of tracesOf(experiment)) {
    await loading.attempt(trace.file, (path) => loading.trace(trace, path));
  }
  for (const { path: written, use } of inputFilesOf(experiment)) {
    if (use === 'manifests') continue;
    await loading.attempt(written, async (path) => {
      if (use === 'hosts') await loading.hostList(written, path);
      else if (use === 'node-pools') loading.nodePools[written] = await readText(path);
      else if (use === 'scheduler') {
        loading.schedulers[written] = readSchedulerConfiguration(written, await readText(path));
      }
      if (use === 'availability') {
        loading.availability[written] = readAvailabilityTrace(written, await readText(path));
      }
      await loading.record(written, path);
    });
  }
  for (const manifests of manifestsOf(experiment)) {
    await loading.attempt(manifests.path, (path) => loading.manifest(manifests, path));
  }
  loading.checkChosen(experiment);
  return loading.result();
}

/** Every trace once for each way in which it is read. */
function tracesOf(experiment: Experiment): TraceWorkload[] {
  const traces = new Map<string, TraceWorkload>();
  for (const entry of experiment.variants.flatMap(({ scenario }) => scenario.workload)) {
    if (entry.kind === 'trace') traces.set(traceKey(entry), entry);
  }
  return [...traces.values()];
}

function manifestsOf(experiment: Experiment): ManifestsWorkload[] {
  const manifests = new Map<string, ManifestsWorkload>();
  for (const entry of experiment.variants.flatMap(({ scenario }) => scenario.workload)) {
    if (entry.kind === 'manifests') manifests.set(manifestsKey(entry), entry);
  }
  return [...manifests.values()];
}

class Loading {
  readonly traces: Record<string, TaskTrace> = {};
  readonly hosts: Record<string, readonly HostShape[]> = {};
  readonly manifests: Record<string, ManifestWorkloads> = {};
  readonly nodePools: Record<string, string> = {};
  readonly schedulers: Record<string, SchedulerConfiguration> = {};
  readonly availability: Record<string, DepthSeries> = {};
  private readonly records: FileRecord[] = [];
  private readonly rejected: RejectedRow[] = [];
  private readonly faults = new Map<string, Fault>();
  private readonly place: InputPlace;
  private readonly skipBadRows: boolean;

  constructor(place: InputPlace, skipBadRows: boolean) {
    this.place = place;
    this.skipBadRows = skipBadRows;
  }

  /** Runs `load` with the place of the file; what is wrong with the file is kept and the next one follows. */
  async attempt(written: string, load: (path: string) => Promise<void>): Promise<void> {
    try {
      const path = inputPath(written, this.place);
      await load(path).catch((error: unknown) => {
        throw this.explained(error, written, path);
      });
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      for (const fault of error.faults) this.faults.set(JSON.stringify(fault), fault);
    }
  }

  async trace(trace: TraceWorkload, path: string): Promise<void> {
    const { name: workload, format, taskLimit, timeScale, processorMemoryBytes } = trace;
    this.traces[traceKey(trace)] = await READERS[format].read(textChunks(path), {
      ...this.rowOptions(trace.file),
      workload,
      limit: taskLimit,
      timeScale,
      image: trace.image,
      processorMemoryBytes,
      columns: trace.columns,
    });
  }

  async hostList(written: string, path: string): Promise<void> {
    this.hosts[written] = NODE_MANIFEST.test(written)
      ? readNodeList(written, await readText(path))
      : await readOpenbNodes(textChunks(path), this.rowOptions(written));
  }

  async manifest(manifests: ManifestsWorkload, path: string): Promise<void> {
    const { path: written, recursive, usageFraction, jobDurationUs } = manifests;
    const names = await manifestFiles(path, recursive);
    if (names.length === 0) {
      const message = `expected .yaml, .yml or .json files in the folder ${written}, found none`;
      throw inputFault(this.place.scenarioFile, message);
    }
    const files = [];
    for (const name of names) {
      const file = name === '' ? written : `${written.replace(/\/$/, '')}/${name}`;
      files.push({ file, text: await readText(join(path, name)) });
      await this.record(file, join(path, name));
    }
    const options = { serviceUsageFraction: usageFraction, jobDurationUs };
    this.manifests[manifestsKey(manifests)] = readKubernetesManifests(files, options);
  }

  /** Names that `only` asks for must be there. */
  checkChosen(experiment: Experiment): void {
    for (const entry of experiment.variants.flatMap(({ scenario }) => scenario.workload)) {
      const found = entry.kind === 'manifests' && this.manifests[manifestsKey(entry)];
      if (!found) continue;
      const names = [...found.services, ...found.jobs, ...found.cronJobs, ...found.daemons].map(
        ({ name }) => name,
      );
      for (const name of entry.only.filter((one) => !names.includes(one))) {
        const message = `expected a workload called ${name} in ${entry.path}${didYouMean(name, names)}`;
        const [fault] = inputFault(this.place.scenarioFile, message).faults;
        this.faults.set(message, fault!);
      }
    }
  }

  async record(written: string, path: string): Promise<void> {
    if (this.records.some((known) => known.path === written)) return;
    this.records.push({ path: written, sha256: await sha256OfFile(path) });
  }

  result(): InputFiles {
    if (this.faults.size > 0) throw new ScenarioError([...this.faults.values()]);
    const { traces, hosts, manifests, nodePools, schedulers, availability } = this;
    const { records, rejected } = this;
    const inputs = { traces, hosts, manifests, nodePools, schedulers, availability };
    return { inputs, records, rejected };
  }

  private rowOptions(file: string) {
    const reject = (row: RejectedRow) => void this.rejected.push(row);
    return { file, skipBadRows: this.skipBadRows, reject };
  }

  /** A file that is not there or cannot be inflated is a fault of the input. */
  private explained(error: unknown, written: string, path: string): unknown {
    if (!(error instanceof Error) || !('code' in error)) return error;
    const found = error.code === 'ENOENT' ? 'nothing there' : error.message;
    return inputFault(this.place.scenarioFile, `expected ${written} at ${path}, found ${found}`);
  }
}
