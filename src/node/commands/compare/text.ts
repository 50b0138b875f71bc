// What `surgefleet compare` prints: a table for each comparison, or all of them as one JSON document.
import type { Comparison, RunResult } from "../../../core/index.js";
import { comparisonText, type Regressions } from "../../../core/internal.js";
import { printDocument } from "../../print.js";
import { pageFor, type Terminal } from "../../terminal.js";

/** One comparison, by the side that is not the first. */
export interface Named {
  readonly name: string;
  readonly comparison: Comparison;
  readonly caveats: RunResult["caveats"];
  /** As a gate judges it; only where it is asked to. */
  readonly gate?: Regressions | undefined;
}

interface PageFlags {
  readonly all?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly color: boolean;
  readonly ascii?: boolean | undefined;
}

export function print(
  before: Pick<Named, "name" | "caveats">,
  comparisons: readonly Named[],
  flags: PageFlags,
  terminal: Terminal,
): void {
  const { columns } = terminal.output;
  const options = {
    ...pageFor(flags, terminal),
    all: flags.all === true,
    ...(columns === undefined ? {} : { width: columns }),
  };
  printDocument(flags, terminal, {
    document: () =>
      comparisons.map(({ name, comparison, caveats, gate }) => ({
        before: before.name,
        after: name,
        ...comparison,
        caveats: { before: before.caveats, after: caveats },
        ...(gate === undefined ? {} : { regressions: gate.regressions }),
      })),
    report: () =>
      comparisons
        .map(({ name, comparison, caveats, gate }) =>
          comparisonText(comparison, {
            ...options,
            ...{ before: before.name, after: name, caveats: [before.caveats, caveats] },
            worse: gate?.regressions,
          }),
        )
        .join("\n"),
  });
}
