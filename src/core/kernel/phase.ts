// The order of what happens at one and the same instant. Lower comes first; the reason stands beside each.

export const Phase = {
  /** Room is given back before any request asks for it: a completion comes before everything else. */
  completion: 0,
  /** A fault begins or ends before anything else acts at the instant; what completes with it has completed. */
  fault: 1,
  /** Controllers act on what has completed. */
  control: 2,
  /** Arrivals and retries join before the step that starts at this instant. */
  arrival: 3,
  /** Waiting in vain ends only after a start at the same instant had its chance. */
  timeout: 4,
  /** Samples see the instant when all its decisions are made. */
  sample: 5,
  /**
   * A step starts with all sequences that are there. Last, so that the memory that it takes is not seen before the
   * instant is over: what is seen of a replica depends on the time alone, not on how many steps it takes at once.
   */
  step: 6,
} as const;
export type Phase = (typeof Phase)[keyof typeof Phase];
