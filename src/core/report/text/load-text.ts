// Whether the fleet keeps up with its load, in one sentence for every report. Knows a result's verdict, not how it was
// found.
import type { RunResult } from "../../results/shape/result.js";
import * as format from "./format.js";

/** Nothing where the load is steady: that is what every other number of the report takes for granted. */
export function loadText({ load }: Pick<RunResult, "load">): string | undefined {
  const { verdict, perSecond, where, startOff } = load;
  if (verdict === "growing") {
    return `growing by ${format.rate(perSecond ?? 0)}, ${where}: times depend on how long the run is`;
  }
  if (verdict === "warming-up") {
    const off = startOff ?? 0;
    const share = format.percent(Math.abs(off));
    return `warming up: requests take ${share} ${off < 0 ? "less" : "more"} time at the start of the window`;
  }
  return verdict === "unknown" ? "too short a run to tell whether the fleet keeps up" : undefined;
}
