// What reading a file may do to what the file says, and how that is told. Knows no files.

/** In the order in which they are told; the last is what nothing of the scenario serves. */
export const FINDING_KINDS = [
  "dropped",
  "sorted",
  "repaired",
  "estimated",
  "ignored",
  "assumed",
  "unserved",
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** One thing that reading did. */
export interface Finding {
  readonly kind: FindingKind;
  /** What it was done to: of the ignored the field, by its path. */
  readonly what: string;
  /** Why, of what is ignored. */
  readonly why?: string;
  /** How often it was met; null for what is of the file as a whole. */
  readonly count: number | null;
  /** The first line that it was met on, null where it is of none. */
  readonly line: number | null;
}
