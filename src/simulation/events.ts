/** Kinds of calendar events, with the meaning of their `subject`. */
export const EVENT = {
  /** subject: source of tasks */
  arrival: 0,
  /** subject: controller */
  wake: 1,
  /** subject: task; its host has heard of it and pulls the image */
  taskPull: 2,
  /** subject: task; the image is there */
  taskPulled: 3,
  /** subject: task; its containers run */
  taskStart: 4,
  /** subject: task; it passed its readiness check */
  taskReady: 5,
  /** subject: task; its work is done */
  taskFinish: 6,
  /** subject: task; it was asked to stop and has stopped */
  taskStopped: 7,
  /** subject: host; the machine runs and is billed */
  hostRunning: 8,
  /** subject: host; it takes tasks */
  hostReady: 9,
  /** subject: host; it is gone */
  hostTerminated: 10,
  /** subject: host; the provider will take it back in two minutes */
  spotNotice: 11,
  /** subject: host; the provider takes it back */
  spotReclaim: 12,
  /** subject: host; a task with work to finish is done, or shares change */
  hostCpu: 13,
  sample: 14,
  /** subject: host; the machine fails */
  hostFails: 15,
  /** subject: host; the machine was repaired */
  hostReturns: 16,
  /** subject: outage */
  outageBegins: 17,
  /** subject: outage */
  outageEnds: 18,
  /** subject: host; an operator marks the failed node as out of service */
  outOfService: 19,
  /** subject: link loss */
  linkLost: 31,
  /** subject: link loss */
  linkBack: 32,
  /** subject: link loss; credentials of ECS tasks on its hosts end */
  credentialsEnd: 33,
  /** subject: task; the run of its containers ends with an error */
  taskExit: 20,
  /** subject: host; its use of memory changes, or its kubelet looks at it */
  hostMemory: 21,
  /** subject: task; its containers hang from now on */
  taskHangs: 22,
  /** subject: task; its probe finds that it is not ready any more */
  taskUnready: 23,
  /** subject: task; its containers, killed by a probe, are gone */
  taskKilled: 24,
  /** subject: host; its kubelet reports the images that it holds */
  imageReport: 25,
  /** subject: micro-VM; the pod that ended there is deleted */
  podDeleted: 34,
  /** subject: host; EC2 answers that it has none */
  hostRefused: 40,
  /** A spot pool whose depth is a series has less room from now on */
  capacityFalls: 41,
  /** subject: host; EC2 says that it is at risk */
  hostAtRisk: 42,
  /** subject: claim; its volume is made */
  volumeMade: 26,
  /** subject: volume; it is attached to its host */
  volumeAttached: 27,
  /** subject: volume; it is off its host */
  volumeDetached: 28,
  /** subject: host; use of its disk changes, or its kubelet looks at it */
  hostDisk: 30,
  /** subject: host; it has been drained for as long as it may */
  drainExpires: 29,
} as const;
