// That what a scenario times comes before its run ends. Knows the root of a document, and one time of it.
import { type Raw, type Report, read } from "../document/raw.js";
import type { Path } from "../document/tree.js";
import { duration, showDuration } from "../document/units.js";

const anyDuration = duration();

/** Reports a time at which the run has ended already; one that is malformed, or of a run without a length, is right. */
export function checkInRun(root: Raw, time: unknown, at: Path, report: Report): void {
  const [length, when] = [root["duration"], time].map((one) => read(anyDuration, one));
  if (when === undefined || length === undefined || length === 0 || when < length) return;
  report(at, `the run ends before that (duration is ${showDuration(length)})`);
}
