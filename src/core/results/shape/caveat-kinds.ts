// What a caveat of a result is, and which kinds there are, in the order in which they are told.

export const CAVEAT_KINDS = [
  "partial",
  "reading",
  "one-seed",
  "only-run",
  "swings",
  "heavy-tail",
  "growing",
  "warming-up",
  "short",
  "open",
  "cut",
  "estimate",
  "cards",
] as const;
export type CaveatKind = (typeof CAVEAT_KINDS)[number];

export interface Caveat {
  readonly kind: CaveatKind;
  /** A sentence without a capital letter and a full stop. */
  readonly text: string;
}
