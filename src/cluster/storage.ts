/**
 * Claims and volumes as columns, and which pods claim what. Written by the ledger of storage alone (storage-ledger.ts).
 *
 * Life        a claim is pending, then bound to a volume for good, then gone. A volume is available, bound, released when its
 *             claim has gone and it is retained, or gone.
 * Attached    a volume with a driver is attached to one node at a time: attaching, attached, detaching, none.
 * Names       claims by `namespace/name`, volumes by name: a row of what is gone is not found by its name any more.
 * Cost        a pod of a workload that claims nothing costs one look at `wants`.
 */

import { ColumnTable } from '../base/columns.ts';
import { NO_ROW } from './hosts.ts';
import type { ClaimSpec, StorageClassSpec, VolumeSpec, WorkloadClaims } from './storage-specs.ts';
import type { ClaimTemplate } from './pod-template.ts';
import type { ReadonlyColumn, TableState } from '../base/columns.ts';

export const CLAIM_STATE = {
  /** Nobody makes a volume for it yet. */
  pending: 0,
  /** A volume is being made. */
  provisioning: 1,
  bound: 2,
  gone: 3,
} as const;

export const VOLUME_STATE = { available: 0, bound: 1, released: 2, gone: 3 } as const;

export const ATTACHMENT = { none: 0, attaching: 1, attached: 2, detaching: 3 } as const;

export class ClaimColumns extends ColumnTable {
  /** One of CLAIM_STATE. */
  state = new Uint8Array(64);
  /** Volume that it is bound to, or NO_ROW. */
  volume = new Int32Array(64);
  /** Host for whose pod a volume is being made, or NO_ROW. */
  host = new Int32Array(64);
  /** Workload whose pods claim it, the first of several, or NO_ROW. */
  workload = new Int32Array(64);

  add(): number {
    const row = this.addRow();
    this.volume[row] = this.host[row] = this.workload[row] = NO_ROW;
    return row;
  }
}

export class VolumeColumns extends ColumnTable {
  /** One of VOLUME_STATE. */
  state = new Uint8Array(64);
  /** Claim that it is, or was, bound to, or NO_ROW. */
  claim = new Int32Array(64);
  /** One of ATTACHMENT. */
  attachment = new Uint8Array(64);
  /** Host that it is being attached to, is attached to or is being detached from, or NO_ROW. */
  host = new Int32Array(64);
  /** 1 where a provider made it in the run, who is paid for it while it is there. */
  isPaid = new Uint8Array(64);
  createdUs = new Float64Array(64);
  /** Infinity while it is there. */
  goneUs = new Float64Array(64);
  /** Pending calendar entry of its attaching or detaching. */
  nextEvent = new Float64Array(64);

  add(): number {
    const row = this.addRow();
    this.claim[row] = this.host[row] = this.nextEvent[row] = NO_ROW;
    this.goneUs[row] = Infinity;
    return row;
  }
}

/** What of the columns of tasks tells whose claims they are. */
interface ClaimingTasks {
  readonly workload: ReadonlyColumn;
  readonly ordinal: ReadonlyColumn;
  readonly number: ReadonlyColumn;
}

export interface StorageState {
  readonly claims: TableState;
  readonly volumes: TableState;
  readonly claimSpecs: readonly ClaimSpec[];
  readonly volumeSpecs: readonly VolumeSpec[];
}

export class ClusterStorage {
  readonly claims = new ClaimColumns();
  readonly volumes = new VolumeColumns();
  /** By row. */
  readonly claimSpecs: ClaimSpec[] = [];
  readonly volumeSpecs: VolumeSpec[] = [];
  /** By name; does not change while a run goes on. */
  readonly classes = new Map<string, StorageClassSpec>();
  /** By workload row: what its pods claim; undefined for nothing. Does not change while a run goes on. */
  readonly wants: (WorkloadClaims | undefined)[] = [];
  private readonly claimRows = new Map<string, number>();

  /** Is there nothing of it in the run? */
  get isEmpty(): boolean {
    return this.wants.length === 0;
  }

  /** Row of a claim that is there, or NO_ROW. */
  claimRow(namespace: string, name: string): number {
    return this.claimRows.get(`${namespace}/${name}`) ?? NO_ROW;
  }

  /** Names of the claims of a pod; none for most. */
  claimNames(tasks: ClaimingTasks, task: number): string[] {
    const wants = this.wants[tasks.workload[task]!];
    return wants === undefined ? [] : namesOf(wants, tasks.ordinal[task]!, tasks.number[task]!);
  }

  /** Rows of the claims of a pod that are there. */
  claimsOf(tasks: ClaimingTasks, task: number): number[] {
    const wants = this.wants[tasks.workload[task]!];
    if (wants === undefined) return [];
    return this.claimNames(tasks, task)
      .map((name) => this.claimRow(wants.namespace, name))
      .filter((row) => row !== NO_ROW);
  }

  /** For the ledger of storage alone. */
  addClaim(spec: ClaimSpec): number {
    const row = this.claims.add();
    this.claimSpecs.push(spec);
    this.claimRows.set(`${spec.namespace}/${spec.name}`, row);
    return row;
  }

  addVolume(spec: VolumeSpec): number {
    this.volumeSpecs.push(spec);
    return this.volumes.add();
  }

  forgetClaim(row: number): void {
    const { namespace, name } = this.claimSpecs[row]!;
    this.claimRows.delete(`${namespace}/${name}`);
  }

  save(): StorageState {
    return {
      claims: this.claims.save(),
      volumes: this.volumes.save(),
      claimSpecs: [...this.claimSpecs],
      volumeSpecs: [...this.volumeSpecs],
    };
  }

  restore(state: StorageState): void {
    this.claims.restore(state.claims);
    this.volumes.restore(state.volumes);
    this.claimSpecs.splice(0, Infinity, ...state.claimSpecs);
    this.volumeSpecs.splice(0, Infinity, ...state.volumeSpecs);
    this.claimRows.clear();
    for (const [row, { namespace, name }] of this.claimSpecs.entries()) {
      if (this.claims.state[row] === CLAIM_STATE.gone) continue;
      this.claimRows.set(`${namespace}/${name}`, row);
    }
  }
}

function keptClaimName({ name }: ClaimTemplate, set: string, ordinal: number): string {
  return `${name}-${set}-${ordinal}`;
}

function namesOf({ shared, kept, set, ephemeral }: WorkloadClaims, ordinal: number, pod: number) {
  return [
    ...shared,
    ...kept.map((template) => keptClaimName(template, set, ordinal)),
    ...ephemeral.map(({ name }) => `pod-${pod}-${name}`),
  ];
}
