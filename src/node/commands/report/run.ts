// `surgefleet report`: one HTML file from a result that was written before.
import { spawn } from "node:child_process";
import { dirname, join, resolve } from "node:path";
import { SurgefleetError } from "../../../core/index.js";
import { ExitCode } from "../../exit-code.js";
import { kindOf } from "../../files/look.js";
import { assertWritable } from "../../files/output-path.js";
import { writeWhole } from "../../files/write-whole.js";
import { reportClientFiles } from "../../package-files.js";
import { dataHash, MANIFEST_FILE, manifestFacts } from "../../results/manifest.js";
import { readResult } from "../../results/read-result.js";
import { REPORT_FILE, type ReportInputs, reportFile } from "../../results/report-file.js";
import { type Allowed, inputsOf, type LoadedScenario, loadScenarioFile } from "../../scenario-file.js";
import { isCi, type Terminal } from "../../terminal.js";

export interface ReportFlags {
  readonly allowCode?: boolean | undefined;
  readonly out?: string | undefined;
  readonly scenario?: string | undefined;
  readonly open: Opens;
}

/** When a page is opened in a browser. */
export const OPEN_CHOICES = ["auto", "always", "never"] as const;
type Opens = (typeof OPEN_CHOICES)[number];

/** The page's own files are an argument, so that a test needs no build. */
export function reportCommand(
  path: string,
  flags: ReportFlags,
  terminal: Terminal,
  files = reportClientFiles(),
): ExitCode {
  const folder = kindOf(path) === "folder" ? path : dirname(path);
  const { result, manifest, sources } = readResult(path);
  const loaded =
    flags.scenario === undefined ? undefined : scenarioOf(flags.scenario, manifest, folder, flags);
  const shown: ReportInputs = {
    manifest,
    ...(loaded === undefined ? {} : { document: loaded.document }),
  };
  const out = flags.out ?? join(folder, REPORT_FILE);
  const page = { flag: "--out", path: out };
  const read = [...sources, ...(loaded === undefined ? [] : inputsOf(loaded))];
  assertWritable([page], read);
  writeWhole([{ ...page, text: reportFile(result, shown, files) }], read);
  terminal.errors.write(`wrote ${out}\n`);
  if (isToBeOpened(flags.open, terminal)) openInBrowser(resolve(out), terminal);
  return ExitCode.ok;
}

/** The scenario as the run had it: the manifest says with what overrides, and by hash whether it still is the same. */
function scenarioOf(
  path: string,
  manifest: string | undefined,
  folder: string,
  allowed: Allowed,
): LoadedScenario {
  if (manifest === undefined) {
    const message = `--scenario ${path}: ${folder} has no ${MANIFEST_FILE} to tell whether it is the run's`;
    throw new SurgefleetError("USAGE", message);
  }
  const facts = manifestFacts(manifest, join(folder, MANIFEST_FILE));
  const loaded = loadScenarioFile(path, facts.overrides, allowed);
  if (dataHash(loaded.document) === facts.scenarioHash) return loaded;
  const message = `--scenario ${path} is not what the result was made of: ${MANIFEST_FILE} has another hash`;
  throw new SurgefleetError("USAGE", message);
}

function isToBeOpened(when: Opens, { output, env }: Terminal): boolean {
  return when === "always" || (when === "auto" && output.isTTY === true && !isCi(env));
}

/** What opens a file for its user, by platform. The command does not wait for it. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

function openInBrowser(path: string, { errors }: Terminal): void {
  const [command = "xdg-open", ...words] = OPENERS[process.platform] ?? ["xdg-open"];
  const child = spawn(command, [...words, path], { detached: true, stdio: "ignore" });
  child.on("error", () => errors.write(`nothing here opens a browser: open ${path} yourself\n`));
  child.unref();
}
