// `surgefleet run`: loads a scenario, runs it, prints the report, writes the result files.
import type { RunResult, ThresholdVerdict } from "../../../core/index.js";
import { ExitCode } from "../../exit-code.js";
import { packageVersion, QUICKSTART, templatePath } from "../../package-files.js";
import { estimatesCsv, replicationsCsv } from "../../results/estimates-files.js";
import { hashFile } from "../../results/hash-file.js";
import { earlierFiles, MANIFEST_FILE, type ManifestInput, manifestJson } from "../../results/manifest.js";
import { canReport, REPORT_FILE, reportFile } from "../../results/report-file.js";
import { REQUESTS_FILE } from "../../results/requests-file.js";
import { ResultFolder } from "../../results/result-folder.js";
import { callersCsv, summaryCsv, summaryJson } from "../../results/summary-files.js";
import { timeseriesCsv } from "../../results/timeseries-file.js";
import { assertThresholds } from "../../run/study.js";
import { inputsOf, loadScenarioFile, type TraceFile } from "../../scenario-file.js";
import type { Terminal } from "../../terminal.js";
import { type RunFlags, runSettings } from "./settings.js";
import { simulate } from "./simulate.js";
import { notes, print } from "./text.js";

const SUMMARY_JSON = "summary.json";
const SUMMARY_CSV = "summary.csv";
const CALLERS_CSV = "callers.csv";
const TIMESERIES_CSV = "timeseries.csv";
const ESTIMATES_CSV = "estimates.csv";
const REPLICATIONS_CSV = "replications.csv";
const RESULT_FILES = [
  SUMMARY_JSON,
  SUMMARY_CSV,
  CALLERS_CSV,
  TIMESERIES_CSV,
  ESTIMATES_CSV,
  REPLICATIONS_CSV,
  REPORT_FILE,
  REQUESTS_FILE,
  MANIFEST_FILE,
];

/** Without a scenario it runs the quickstart that ships with the package. */
export async function runCommand(
  path: string | undefined,
  flags: RunFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const loaded = loadScenarioFile(path ?? templatePath(QUICKSTART), flags.set ?? [], flags);
  const settings = runSettings(flags, terminal.env, loaded.scenario.name);
  const folder = settings.folder === null ? undefined : new ResultFolder(settings.folder);
  folder?.assertWritable(RESULT_FILES, inputsOf(loaded));
  folder?.whileSettled(() => earlierResult(folder));
  // Before the run: what is written down is what was read, even if the files change meanwhile.
  const traces = folder === undefined ? {} : hashTraces(loaded.traces);
  try {
    assertThresholds(loaded, settings.replications.plan);
    const run = await simulate(loaded, settings, flags, folder, terminal);
    if (run === undefined) {
      terminal.errors.write(
        "interrupted before a replication or the pilots of warmup: auto had ended: there is nothing to report\n",
      );
      return ExitCode.interrupted;
    }
    if (folder !== undefined) {
      const { document, scenario } = loaded;
      const { modules } = scenario;
      writeResults(folder, { result: run.result, document, overrides: flags.set ?? [], traces, modules });
    }
    print(run.result, flags, terminal);
    if (flags.quiet !== true) {
      terminal.errors.write(`${notes(path, flags, settings, run, terminal).join("\n")}\n`);
    }
    return run.finished ? exitCode(run.result, flags) : ExitCode.interrupted;
  } finally {
    folder?.discard();
  }
}

function exitCode({ thresholds }: RunResult, { failOnUndecided }: RunFlags): ExitCode {
  const isMissed = (verdict: ThresholdVerdict) => verdict === "fail" || verdict === "no-data";
  if (thresholds.some(({ verdict }) => isMissed(verdict))) return ExitCode.thresholdFailed;
  const isOpen = thresholds.some(({ verdict }) => verdict === "undecided");
  return isOpen && failOnUndecided === true ? ExitCode.undecided : ExitCode.ok;
}

function hashTraces(traces: readonly TraceFile[]): ManifestInput["traces"] {
  return Object.fromEntries(traces.map(({ name, path }) => [name, hashFile(path)]));
}

/** Files of an earlier result. Throws USAGE where there are files of these names that are none. */
function earlierResult(folder: ResultFolder): readonly string[] {
  const earlier = earlierFiles(folder.path) ?? [];
  folder.assertOurs(RESULT_FILES, earlier);
  return earlier;
}

function writeResults(folder: ResultFolder, run: Omit<ManifestInput, "version" | "files">): void {
  folder.add(SUMMARY_JSON, summaryJson(run.result));
  folder.add(SUMMARY_CSV, summaryCsv(run.result));
  folder.add(CALLERS_CSV, callersCsv(run.result));
  folder.add(TIMESERIES_CSV, timeseriesCsv(run.result));
  folder.add(ESTIMATES_CSV, estimatesCsv(run.result));
  folder.add(REPLICATIONS_CSV, replicationsCsv(run.result));
  const version = packageVersion();
  // The page shows what went into the run; the hashes of what came out, its own among them, are not known yet.
  const manifest = manifestJson({ ...run, version, files: {} });
  if (canReport()) folder.add(REPORT_FILE, reportFile(run.result, { document: run.document, manifest }));
  folder.add(MANIFEST_FILE, manifestJson({ ...run, version, files: folder.finishFiles() }));
  // Another run may have written there since this one began.
  folder.commit(MANIFEST_FILE, () => earlierResult(folder).filter((name) => name === REQUESTS_FILE));
}
