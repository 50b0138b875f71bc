// The order of what happens at one and the same instant. Lower comes first; the reason stands beside each.

export const Phase = {
  /** Room is given back before anyone asks for it: a completion beats everything else. */
  completion: 0,
  /** Something breaks or heals before anyone acts on the instant; what completes with it has completed. */
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
   * A step starts with everyone who is there. Last, so that nobody sees the memory that it takes before the instant is
   * over: what anyone sees then depends on the time alone, not on how many steps a replica takes at once.
   */
  step: 6,
} as const;
export type Phase = (typeof Phase)[keyof typeof Phase];
