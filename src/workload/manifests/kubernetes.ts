/**
 * Kubernetes manifests as workloads. A pure function of the files' texts; files are read in the order given and documents
 * in the order of the file.
 *
 *   Deployment, StatefulSet, ReplicaSet, ReplicationController     service of `replicas` (1 when absent) pods
 *   Pod                                                            service of 1; with restartPolicy Never or OnFailure a job
 *   DaemonSet                                                      daemon: one on every host that it may run on
 *   Job                                                            job at time 0 (kubernetes.md 3.5)
 *   CronJob                                                        job at the times of its schedule
 *   PodDisruptionBudget, HorizontalPodAutoscaler,                  what bears on these pods, as plain data
 *     VerticalPodAutoscaler, ScaledObject, Service,
 *     Namespace, Node, PersistentVolume, -Claim, StorageClass,
 *     PodGroup (of scheduling.x-k8s.io)
 *   PriorityClass, LimitRange                                      priorities and requests of the pods, wherever they stand
 *   List                                                           its items
 *   anything else                                                  skipped, listed with its place
 *
 * An object that another object of these files made (its controller reference says so) is skipped, and so is what has ended:
 * what `kubectl get` prints can be read as it is.
 *
 * A manifest says neither how long a job's pod runs nor how much CPU it uses: both come from the options, and a note says
 * so. Fields that would change a decision and are not read are listed with their places. Wrong types, quantities that do not
 * parse, objects without a name and objects defined twice are faults.
 */

import { ScenarioError, faultToText, type Fault } from '../../base/scenario-error.ts';
import { US_PER_MINUTE } from '../../base/units.ts';
import { LimitRanges } from './limit-ranges.ts';
import { identityOf, manifestObjects, type ManifestObject } from './manifest-object.ts';
import { ManifestReading } from './manifest-reading.ts';
import type { ManifestWorkloads } from './manifest-workloads.ts';
import { PriorityClasses } from './priority-classes.ts';
import { claimSpec, storageClassSpec, volumeSpec } from './storage-objects.ts';
import { readYaml } from './yaml-cursor.ts';

export interface ManifestFile {
  readonly file: string;
  readonly text: string;
}

export interface ManifestOptions {
  /** Run time of every pod of a job. */
  readonly jobDurationUs: number;
  /** CPU in use as a fraction of the request, for services and daemons; jobs use all of theirs. */
  readonly serviceUsageFraction: number;
}

export const PLAIN_MANIFEST_OPTIONS: ManifestOptions = {
  jobDurationUs: US_PER_MINUTE,
  serviceUsageFraction: 0.5,
};

/** Throws ScenarioError with all faults of all files. */
export function readKubernetesManifests(
  files: readonly ManifestFile[],
  options: ManifestOptions = PLAIN_MANIFEST_OPTIONS,
): ManifestWorkloads {
  const faults: Fault[] = [];
  const objects = files
    .flatMap(({ file, text }) => readYaml(file, text, faults))
    .flatMap(manifestObjects);
  const reading = new ManifestReading(options, surroundingsOf(objects));
  for (const object of objects) reading.take(object);
  if (faults.length > 0) throw new ScenarioError(eachOnce(faults));
  return reading.result();
}

/** What pods are read with, whatever the order of the objects. */
function surroundingsOf(objects: readonly ManifestObject[]) {
  const priorities = new PriorityClasses();
  const limitRanges = new LimitRanges();
  const ofType = (type: string) => objects.filter((object) => object.type === type);
  for (const { name, cursor } of ofType('scheduling.k8s.io/PriorityClass')) {
    priorities.define(name, cursor);
  }
  for (const object of ofType('/LimitRange')) limitRanges.define(object);
  const storage = {
    claims: ofType('/PersistentVolumeClaim').map(claimSpec),
    volumes: ofType('/PersistentVolume').map(volumeSpec),
    classes: ofType('storage.k8s.io/StorageClass').map(storageClassSpec),
  };
  const present = new Set(objects.map((object) => identityOf(object.kind, object)));
  return { priorities, limitRanges, storage, present };
}

/** One value may be looked at several times and found wrong each time. */
function eachOnce(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [faultToText(fault), fault])).values()];
}
