// The flags that several commands have in common, each in one place: how it is written, what its value may be, what
// help says of it.
import { Option } from "@commander-js/extra-typings";
import { readSeed } from "./seed.js";
import { each, share, wholeNumber } from "./values.js";

const MOST_WORKERS = 1024;

export const seed = (help: string) => new Option("--seed <text>", help).argParser(readSeed);

/** Kept as written, which is how results name it; read with the scenario, so that all problems are told at once. */
export const set = (help = "change a value of the scenario; may be given again") =>
  new Option("--set <path=value>", help).argParser(each((text) => text));

/** What runs a scenario runs the modules that it names. */
export const allowCode = () =>
  new Option(
    "--allow-code",
    "load modules of your own that the scenario names, and run them (docs/own-policy.md)",
  );

export const workers = (help = "threads (default: one for each processor)") =>
  new Option("--workers <n>", help).argParser(wholeNumber(MOST_WORKERS));

const DEFAULT_MARGIN = 0.02;

export const margin = () =>
  new Option("--margin <percent>", "a change for the worse that is let through")
    .argParser(share({ isInside: (value) => value >= 0, expected: "a percentage, such as 2%" }))
    .default(DEFAULT_MARGIN, "2%");

export const json = (help = "print one JSON document instead of the report") => new Option("--json", help);

export const quiet = (help = "no progress") => new Option("--quiet", help);

export const noColor = () => new Option("--no-color", "no colours");

export const ascii = (help = "only ASCII characters") => new Option("--ascii", help);
