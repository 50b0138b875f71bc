// What a scenario has to say for a fault to make sense: the pool that it names is there, and it begins in the run.
import { checkName, type Raw, type Report } from "../../../document/raw.js";
import type { Path } from "../../../document/tree.js";
import type { FaultsAround } from "./fault.js";

/** Of a fault that may name a pool. */
export function checkPool(part: Raw, at: Path, { pools }: FaultsAround, report: Report): void {
  checkName(part["pool"], pools, "pool", [...at, "pool"], report);
}
