// The order of what happens at one and the same instant. Lower comes first; the reason stands beside each.

export const Phase = {
  /** Something breaks or heals before anything else sees the instant. */
  fault: 0,
  /** Room is given back before anyone asks for it: a completion beats an arrival. */
  completion: 1,
  /** Controllers act on what has completed. */
  control: 2,
  /** Arrivals and retries join before the step that starts at this instant. */
  arrival: 3,
  /** A step starts with everyone who is there. */
  step: 4,
  /** Waiting in vain ends only after a start at the same instant had its chance. */
  timeout: 5,
  /** Samples see the instant when it is over. */
  sample: 6,
} as const;
export type Phase = (typeof Phase)[keyof typeof Phase];
