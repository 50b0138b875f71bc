// `surgefleet policy new`: writes the template of a module of the user's own.
import { existsSync, readFileSync } from "node:fs";
import { SurgefleetError } from "../../../../core/index.js";
import { ExitCode } from "../../../exit-code.js";
import { writeWhole } from "../../../files/write-whole.js";
import { moduleTemplatePath } from "../../../package-files.js";
import { commandLine } from "../../../shell.js";
import type { Terminal } from "../../../terminal.js";

export interface NewFlags {
  readonly kind: string;
  readonly force?: boolean | undefined;
}

/** How a scenario names a module of each kind. */
const WRITTEN: Readonly<Record<string, string>> = {
  policy: "pools.POOL.admission: { policy: MODULE }",
  limit: "pools.POOL.concurrency: MODULE",
  "queue-rule": "pools.POOL.discipline: MODULE",
  autoscaler: "pools.POOL.autoscaler: MODULE",
  client: "traffic.SOURCE.client: MODULE",
};

/** Throws USAGE where there is such a file, unless it is to be overwritten. */
export function newCommand(name: string, { kind, force }: NewFlags, terminal: Terminal): ExitCode {
  const path = name.endsWith(".ts") ? name : `${name}.ts`;
  if (force !== true && existsSync(path))
    throw new SurgefleetError("USAGE", `${path} exists already; --force overwrites it`);
  writeWhole([{ path, text: readFileSync(moduleTemplatePath(kind)) }], []);
  const module = /^(\.{1,2}\/|\/)/.test(path) ? path : `./${path}`;
  const { program = "surgefleet" } = terminal;
  const lines = [
    `wrote ${path}`,
    "",
    "next:",
    `  ${program} ${commandLine(["policy", "test", module])}`,
    `  in a scenario beside it   ${WRITTEN[kind]!.replace("MODULE", module)}`,
    `  ${program} run fleet.yaml --allow-code`,
  ];
  terminal.output.write(`${lines.join("\n")}\n`);
  return ExitCode.ok;
}
