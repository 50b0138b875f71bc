// What a scenario has to say for a fault of a pool to make sense: the pool that it names is there, and has as many
// instances as it is to hit; without a name, some pool has.

import { several } from "../../../base/several.js";
import { after, START } from "../../../base/units.js";
import { checkName, maps, type Raw, type Report, read } from "../../../document/raw.js";
import type { Path } from "../../../document/tree.js";
import { duration } from "../../../document/units.js";
import { quote } from "../../../document/words.js";
import { checkAmount } from "./amount-check.js";
import type { FaultsAround } from "./fault.js";
import { checkWhen } from "./when.js";

const anyTime = duration();

/** Of a fault that may name a pool. */
export function checkPool(part: Raw, at: Path, { pools }: FaultsAround, report: Report): void {
  checkName(part["pool"], pools, "pool", [...at, "pool"], report);
}

/** Of one that hits so many of its instances. */
export function checkInstances(part: Raw, at: Path, around: FaultsAround, report: Report): void {
  checkWhen(part, at, { at: ["instances"], often: "mtbf" }, report);
  checkPool(part, at, around, report);
  const when = read(anyTime, part["at"]);
  if (when === undefined) return;
  const { pool } = part;
  const hit = maps(around.pools).filter(([name]) => pool === undefined || name === pool);
  const counts = hit.map(([name]) => around.instancesOf(name, after(START, when)));
  const known = counts.filter((count) => count !== undefined);
  const there = known.length === 0 || known.length < counts.length ? undefined : Math.max(...known);
  const message = (most: number) => {
    const own = `pool ${quote(hit[0]?.[0])} has${most > 0 ? " no more than" : ""}`;
    const who = pool === undefined && hit.length > 1 ? "no pool has more than" : own;
    return `${who} ${several(most, "instance")} then`;
  };
  if (there === 0 && part["instances"] === undefined) report([...at, "at"], message(0));
  else checkAmount(part, at, { key: "instances", there, message }, report);
}
