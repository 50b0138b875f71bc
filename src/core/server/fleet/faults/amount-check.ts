// How many things a fault is to hit at a stated time: no more than there are. A share is always one of what there is.
import { portion } from "../../../document/portion.js";
import { type Raw, type Report, read } from "../../../document/raw.js";
import type { Path } from "../../../document/tree.js";

const anyPortion = portion(Number.MAX_SAFE_INTEGER);

export interface Amount {
  /** Key of the part that says how many. */
  readonly key: string;
  /** Undefined where that is not known: it goes by load, or is malformed. */
  readonly there: number | undefined;
  readonly message: (there: number) => string;
}

export function checkAmount(part: Raw, at: Path, { key, there, message }: Amount, report: Report): void {
  const stated = part[key] === undefined ? undefined : read(anyPortion, part[key]);
  if (stated === undefined || !("count" in stated) || there === undefined || stated.count <= there) return;
  report([...at, key], message(there));
}
