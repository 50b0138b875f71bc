// What `surgefleet compare` prints: a table for each comparison, or all of them as one JSON document.
import type { Comparison } from "../../../core/index.js";
import { comparisonText } from "../../../core/internal.js";
import { printDocument } from "../../print.js";
import { pageFor, type Terminal } from "../../terminal.js";

/** One comparison, by the side that is not the first. */
export interface Named {
  readonly name: string;
  readonly comparison: Comparison;
}

interface PageFlags {
  readonly all?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly color: boolean;
  readonly ascii?: boolean | undefined;
}

export function print(
  before: string,
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
    document: () => comparisons.map(({ name, comparison }) => ({ before, after: name, ...comparison })),
    report: () =>
      comparisons
        .map(({ name, comparison }) => comparisonText(comparison, { ...options, before, after: name }))
        .join("\n"),
  });
}
