// What the engine's events are; the subject of each is named beside it.

export const EventKind = {
  /** Replica, by index over all pools: a step starts or ends. */
  replica: 0,
  /** Request slot: its client tries again. */
  retry: 1,
  /** Request slot: it has waited in the queue as long as the policy allows. */
  queueTimeout: 2,
  /** Request slot: its client has waited as long as it will. */
  clientTimeout: 3,
  /** Pool. */
  outageBegins: 4,
  /** Pool. */
  outageEnds: 5,
  /** Nothing: all pools are sampled. */
  sample: 6,
  /** Request slot: its client sends a second attempt beside it. */
  hedge: 7,
  /** Request slot: another attempt of the same request was answered first. */
  hedgeLost: 8,
  /** Request slot: its caller waits for a first token no longer. */
  callerGone: 9,
} as const;
