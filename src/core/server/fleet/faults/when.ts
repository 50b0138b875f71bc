// When a fault happens: at a stated time, by chance, or both. What a scenario says of the one counts for nothing where
// there is only the other, and is refused then. Where no rate is published, the scenario has to say.
import type * as z from "zod";
import type { Raw, Report } from "../../../document/raw.js";
import type { Path } from "../../../document/tree.js";

/** Keys that only say what happens at the time stated, and those that only say how it comes by chance. */
export interface WhenKeys {
  readonly at: readonly string[];
  /** Says how often it comes by chance; left out where a time is stated: never. */
  readonly often: string;
  readonly chance?: readonly string[];
}

export function checkWhen(
  part: Raw,
  place: Path,
  { at, often, chance = [] }: WhenKeys,
  report: Report,
): void {
  const stated = (key: string) => part[key] !== undefined;
  if (!stated("at"))
    for (const key of at.filter(stated))
      report([...place, key], "counts at a stated time alone: say at, too", {
        at: "key",
        hint: `by chance, as ${often} says, each comes by itself`,
      });
  else if (!stated(often))
    for (const key of chance.filter(stated))
      report([...place, key], `counts by chance alone: with at say ${often}, too`, { at: "key" });
}

/** Reports that a fault never happens. */
export function atOrEvery(
  { at, every }: { readonly at?: unknown; readonly every?: unknown },
  context: z.core.$RefinementCtx,
): void {
  if (at !== undefined || every !== undefined) return;
  context.addIssue({ code: "custom", message: "it never happens: say at, or every", input: at });
}
