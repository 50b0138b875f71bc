// What events of the server are in the clock's queue; the subject of each is named beside it. Callers have kinds of
// their own (demand/callers/event-kinds.ts); no number is both.
/** Kinds of the server's own events. */
export const ServerEvent = {
  /** Slot of an instance: a step of its replica starts or ends. */
  replica: 0,
  /** Attempt slot: it has waited in the queue as long as the policy allows. */
  queueTimeout: 2,
  /** Pool. */
  outageBegins: 4,
  /** Pool. */
  outageEnds: 5,
  /** Fault, by its place in the list of those: it acts. */
  fault: 10,
  /** Controller: it acts. */
  control: 12,
  /** Slot of an instance: a stage of its start is over. */
  start: 13,
} as const;

export type ServerEvent = (typeof ServerEvent)[keyof typeof ServerEvent];
