// Where a check leaves what it found, besides the lines that it prints: files, one JSON document, GitHub's annotations
// and step summary, and the record that is committed as a baseline.
import type { RunResult } from "../../core/index.js";
import { type BaselineOrigin, baselineRecord } from "../../core/internal.js";
import { appendText } from "../files/append-text.js";
import { writeWhole } from "../files/write-whole.js";
import type { Terminal } from "../terminal.js";
import { type CheckedScenario, type CheckReport, statusOf } from "./checked.js";
import { githubAnnotations } from "./github.js";
import { junitXml } from "./junit.js";
import { checkMarkdown } from "./markdown.js";

/** The flags that say what is wanted. */
export interface OutputFlags {
  readonly junit?: string | undefined;
  readonly markdown?: string | undefined;
  readonly github?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** What can be written to a file, by the flag that names the file. */
const FILES = [
  { key: "junit", flag: "--junit", render: junitXml },
  { key: "markdown", flag: "--markdown", render: checkMarkdown },
] as const;

/** The files that the flags name. */
export function outputPaths(flags: OutputFlags) {
  return FILES.flatMap(({ key, flag, render }) => {
    const path = flags[key];
    return path === undefined ? [] : [{ flag, path, render }];
  });
}

function isOnGithub({ github }: OutputFlags, env: Terminal["env"]): boolean {
  return github ?? env["GITHUB_ACTIONS"] === "true";
}

/** The file that a step of GitHub has for its summary. */
export function summaryPath(flags: OutputFlags, env: Terminal["env"]): string | undefined {
  const path = env["GITHUB_STEP_SUMMARY"];
  return isOnGithub(flags, env) && path !== "" ? path : undefined;
}

/** `inputs` are files that must not be written over. */
export function writeOutputs(
  report: CheckReport,
  flags: OutputFlags,
  { output, commands = output, env }: Terminal,
  inputs: readonly string[],
): void {
  const files = outputPaths(flags).map(({ flag, path, render }) => ({ flag, path, text: render(report) }));
  writeWhole(files, inputs);
  if (flags.json === true) {
    const left = report.unchecked.map(({ name, path }) => ({ scenario: name, path, status: "interrupted" }));
    const orphans = report.orphans.map((path) => ({ path, status: "orphan" }));
    output.write(`${JSON.stringify([...report.checked.map(asJson), ...left, ...orphans], null, 2)}\n`);
  }
  if (isOnGithub(flags, env) && flags.json !== true) commands.write(githubAnnotations(report));
  const summary = summaryPath(flags, env);
  // Earlier steps of the job may have written there: theirs stays.
  if (summary !== undefined) appendText(summary, checkMarkdown(report));
}

function asJson(checked: CheckedScenario) {
  const { path, name, result, aborted, notes, against } = checked;
  const { thresholds, seed, replications, caveats } = result;
  return {
    scenario: name,
    path,
    status: statusOf(checked),
    aborted,
    seed,
    replications: replications.length,
    thresholds,
    notes,
    caveats,
    ...(against === undefined ? {} : { baseline: against }),
  };
}

/** A line per measure and per seed, so that a diff shows what moved. */
export function baselineJson(result: RunResult, origin: BaselineOrigin): string {
  const { estimates, replications, ...rest } = baselineRecord(result, origin);
  const list = (rows: readonly object[]) =>
    `[\n${rows.map((row) => `    ${JSON.stringify(row)}`).join(",\n")}\n  ]`;
  const head = JSON.stringify(rest, null, 2).slice(0, -2);
  return `${head},\n  "estimates": ${list(estimates)},\n  "replications": ${list(replications)}\n}`;
}
