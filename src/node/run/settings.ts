// What a run is asked for, from flags, environment and scenario: flag before environment before file before
// default. Reads no file and no process.
import { join } from "node:path";
import { SurgefleetError } from "../../core/index.js";
import { seedOf } from "../flags.js";
import { commandLine } from "../shell.js";
import { type ReplicationFlags, type ReplicationSettings, replicationSettings } from "./replication-flags.js";

/** The flags of `run`, as commander hands them over. */
export interface RunFlags extends ReplicationFlags {
  readonly set?: readonly string[];
  readonly seed?: string;
  /** A folder; false for --no-out; absent or true when neither flag is given. */
  readonly out?: string | boolean;
  readonly requests?: boolean;
  readonly json?: boolean;
  readonly stepByStep?: boolean;
  readonly quiet?: boolean;
  readonly failOnInconclusive?: boolean;
  readonly color: boolean;
  readonly ascii?: boolean;
}

export interface RunSettings {
  /** Null leaves it to the scenario. */
  readonly seed: string | null;
  /** Null writes nothing. */
  readonly folder: string | null;
  /** Whether nobody named the folder. */
  readonly isDefaultFolder: boolean;
  readonly requests: boolean;
  readonly replications: ReplicationSettings;
}

/** Throws USAGE for flags that contradict each other and for values that make no sense. */
export function runSettings(
  flags: RunFlags,
  env: Readonly<Record<string, string | undefined>>,
  scenarioName: string,
): RunSettings {
  const seed = seedOf(flags.seed, env);
  if (flags.out === "") throw new SurgefleetError("USAGE", "--out needs the name of a folder");
  if (flags.out === false && flags.requests === true) {
    throw new SurgefleetError(
      "USAGE",
      "--requests writes a file and --no-out forbids it: give one of the two",
    );
  }
  const replications = replicationSettings(flags);
  if (replications.plan === null && flags.workers !== undefined) {
    throw new SurgefleetError("USAGE", "--workers shares out replications: give --replications too");
  }
  if (replications.plan !== null && flags.requests === true) {
    throw new SurgefleetError("USAGE", "--requests lists the attempts of one run: leave --replications out");
  }
  const named = typeof flags.out === "string" ? flags.out : nonEmpty(env["SURGEFLEET_OUT"]);
  return {
    seed: seed ?? null,
    folder: flags.out === false ? null : (named ?? join("results", scenarioName)),
    isDefaultFolder: flags.out !== false && named === undefined,
    requests: flags.requests === true,
    replications,
  };
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}

/** The command that gives the same bytes again, whatever the environment then says, unless --max-time cut it off. */
export function repeatCommand(
  program: string,
  scenario: string | undefined,
  flags: RunFlags,
  settings: RunSettings,
  seed: string,
): string {
  const words = ["run"];
  if (scenario !== undefined) words.push(scenario);
  for (const override of flags.set ?? []) words.push("--set", override);
  words.push("--seed", seed);
  if (flags.replications !== undefined) words.push("--replications", flags.replications);
  if (flags.most !== undefined) words.push("--most", flags.most);
  if (flags.maxTime !== undefined) words.push("--max-time", flags.maxTime);
  if (flags.stepByStep === true) words.push("--step-by-step");
  if (settings.folder === null) words.push("--no-out");
  else if (!settings.isDefaultFolder) words.push("--out", settings.folder);
  if (settings.requests) words.push("--requests");
  return `${program} ${commandLine(words)}`;
}
