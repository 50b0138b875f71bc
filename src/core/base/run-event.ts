// What may happen to a fleet that is worth a line in the history of a run. One closed list for the whole project: the
// fleet and what breaks, scales or launches in it tell of it by these names, and results and pages list them.

/** By name: to which kind of line it belongs. */
export const RUN_EVENTS = {
  /** A pool wants more or fewer replicas than before. */
  "scale-up": "scale",
  "scale-down": "scale",
  /** There are no GPUs for an instance that is wanted. */
  "no-gpus": "scale",
  "instance-lost": "fault",
  "instance-back": "fault",
  "instance-slow": "fault",
  "instance-hung": "fault",
  "node-leaving": "fault",
  "node-lost": "fault",
  "node-back": "fault",
  "fault-begins": "fault",
  "fault-ends": "fault",
  "outage-begins": "fault",
  "outage-ends": "fault",
  launch: "launch",
  retirement: "launch",
} as const;

export type RunEventKind = keyof typeof RUN_EVENTS;
export type RunEventFamily = (typeof RUN_EVENTS)[RunEventKind];

export const RUN_EVENT_KINDS = Object.keys(RUN_EVENTS) as readonly RunEventKind[];

export interface RunEventDetail {
  /** Of how many things it tells; default 1. */
  readonly count?: number;
  /** Replicas that were wanted before, and that are wanted since. */
  readonly before?: number;
  readonly after?: number;
  /** Of the kind of fault, the model or the type of nodes. */
  readonly name?: string;
  /** Of those nodes, counted from 1; left out where there is one. */
  readonly zone?: number;
  /** Where the scenario names the fault that did it. */
  readonly by?: string;
}
