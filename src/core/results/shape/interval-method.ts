// Where an interval comes from, and why there is none: one list, from which reports, documents and schema take the
// words.

interface MethodText {
  /** Whether there is an interval at all. */
  readonly isInterval: boolean;
  /** As a report says it, without a full stop. */
  readonly text: string;
}

export const INTERVAL_METHODS = {
  replications: { isInterval: true, text: "Student's t over seeds" },
  strata: { isInterval: true, text: "Student's t over seeds chosen by strata" },
  batches: { isInterval: true, text: "Student's t over batches of the only run there is" },
  "zero-events": { isInterval: true, text: "not one event seen: how rare it may still be" },
  "heavy-tail": {
    isInterval: true,
    text: "a few long requests decide it, which runs need not hold: open above",
  },
  "one-seed": { isInterval: false, text: "one seed: no interval; more seeds would give one" },
  swings: { isInterval: false, text: "accounts swing: a rate needs at least 12 seeds, chosen by strata" },
  "too-few": {
    isInterval: false,
    text: "too few seeds, or too few values so far out; more seeds would tell",
  },
  extreme: { isInterval: false, text: "what was observed: an extreme has no interval" },
  never: { isInterval: false, text: "never came on one of the seeds" },
  open: { isInterval: false, text: "too much of it had not ended when the run did" },
  growing: { isInterval: false, text: "not sustainable: it depends on how long the run is" },
  "no-data": { isInterval: false, text: "no data" },
} as const satisfies Readonly<Record<string, MethodText>>;

export type IntervalMethod = keyof typeof INTERVAL_METHODS;

export function methodText(method: IntervalMethod): string {
  return INTERVAL_METHODS[method].text;
}

const OF_BATCHES: readonly IntervalMethod[] = ["batches", "zero-events", "too-few"];

interface Run {
  readonly estimates: readonly { readonly method: IntervalMethod }[];
  readonly replications: readonly unknown[];
}

/** Whether all seeds give this one run, since nothing in it is drawn: it tells by its batches how far it varies. */
export function isOnlyRun({ estimates, replications }: Run): boolean {
  return replications.length === 1 && estimates.some(({ method }) => OF_BATCHES.includes(method));
}

export function isInterval(method: IntervalMethod): boolean {
  return INTERVAL_METHODS[method].isInterval;
}
