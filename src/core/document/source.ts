// Where a document comes from: a name for messages, and its tree when it is asked for. Whether it is text or data, only
// what makes it knows.
import type { Issue } from "../base/errors.js";
import type { Tree } from "./tree.js";

export interface Parsed {
  /** Undefined if it is not a document at all. */
  readonly tree?: Tree;
  readonly issues: readonly Issue[];
}

export interface Source {
  readonly file: string;
  readonly parse: () => Parsed;
  /** As it is written; undefined for what is data. */
  readonly text?: string;
}

/** Opens the file that `reference` means inside the file `from`. Throws SurgefleetError if there is none. */
export type ReadSource = (reference: string, from: string) => Source;
