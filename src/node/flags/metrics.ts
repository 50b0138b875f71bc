// Which measures are meant by the words of --metric: those whose names begin so.
import { Option } from "@commander-js/extra-typings";
import { type Estimate, SurgefleetError } from "../../core/index.js";
import { each } from "./values.js";

export const metric = (help = "only measures that begin so; may be given again") =>
  new Option("--metric <name>", help).argParser(each(String));

/** All of them without a word. Throws USAGE for a word that no measure begins with. */
export function measuresNamed(
  words: readonly string[] = [],
  known: readonly Pick<Estimate, "metric">[],
): (estimate: Pick<Estimate, "metric">) => boolean {
  const names = known.map(({ metric }) => metric);
  for (const word of words) {
    if (names.some((name) => name.startsWith(word))) continue;
    const all = [...new Set(names.map((name) => name.split("{")[0]!))].join(", ");
    throw new SurgefleetError("USAGE", `--metric ${word}: no measure begins so; there are ${all}`);
  }
  return ({ metric }) => words.length === 0 || words.some((word) => metric.startsWith(word));
}
