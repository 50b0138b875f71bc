// `surgefleet run`: loads a scenario, runs it, prints the report, writes the result files.
import { performance } from "node:perf_hooks";
import {
  format,
  type ReplicationPlan,
  type RunResult,
  Simulation,
  type ThresholdVerdict,
  textReport,
  toSeconds,
} from "../../core/index.js";
import { ExitCode } from "../exit-code.js";
import { packageVersion, QUICKSTART, templatePath } from "../package-files.js";
import { estimatesCsv, replicationsCsv } from "../results/estimates-files.js";
import { hashFile } from "../results/hash-file.js";
import { earlierFiles, MANIFEST_FILE, type ManifestInput, manifestJson } from "../results/manifest.js";
import { canReport, REPORT_FILE, reportFile } from "../results/report-file.js";
import { REQUESTS_FILE, RequestsFile } from "../results/requests-file.js";
import { ResultFolder } from "../results/result-folder.js";
import { summaryCsv, summaryJson } from "../results/summary-files.js";
import { timeseriesCsv } from "../results/timeseries-file.js";
import { drive } from "../run/drive.js";
import { watchInterrupt } from "../run/interrupt.js";
import { type Progress, runProgress, studyProgress } from "../run/progress.js";
import { openReplications } from "../run/replications.js";
import { type RunFlags, type RunSettings, repeatCommand, runSettings } from "../run/settings.js";
import { assertThresholds, runStudy, settledScenarioFile } from "../run/study.js";
import { traceReader } from "../run/trace-reader.js";
import { type LoadedScenario, loadScenarioFile, type TraceFile } from "../scenario-file.js";
import { pageFor, type Terminal } from "../terminal.js";

const SUMMARY_JSON = "summary.json";
const SUMMARY_CSV = "summary.csv";
const TIMESERIES_CSV = "timeseries.csv";
const ESTIMATES_CSV = "estimates.csv";
const REPLICATIONS_CSV = "replications.csv";
const RESULT_FILES = [
  SUMMARY_JSON,
  SUMMARY_CSV,
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
  const loaded = loadScenarioFile(path ?? templatePath(QUICKSTART), flags.set ?? []);
  const settings = runSettings(flags, terminal.env, loaded.scenario.name);
  const folder = settings.folder === null ? undefined : new ResultFolder(settings.folder);
  folder?.assertWritable();
  folder?.whileSettled(() => earlierResult(folder));
  // Before the run: what is written down is what was read, whatever becomes of the files meanwhile.
  const traces = folder === undefined ? {} : hashTraces(loaded.traces);
  try {
    const { plan } = settings.replications;
    assertThresholds(loaded, plan);
    const run =
      plan === null
        ? await simulate(loaded, settings, folder, {
            progress: runProgress(terminal, flags.quiet === true),
            stepByStep: flags.stepByStep === true,
          })
        : await simulateMany(plan, loaded, settings, flags, terminal);
    if (run === undefined) {
      terminal.errors.write(
        "interrupted before a replication or the pilots of warmup: auto had ended: there is nothing to report\n",
      );
      return ExitCode.interrupted;
    }
    if (folder !== undefined) {
      const { document } = loaded;
      writeResults(folder, { result: run.result, document, overrides: flags.set ?? [], traces });
    }
    print(run.result, flags, terminal);
    if (flags.quiet !== true) {
      terminal.errors.write(`${notes(path, flags, settings, run, terminal).join("\n")}\n`);
    }
    if (!run.finished) return ExitCode.interrupted;
    const isMissed = (verdict: ThresholdVerdict) => verdict === "fail" || verdict === "no-data";
    if (run.result.thresholds.some(({ verdict }) => isMissed(verdict))) return ExitCode.thresholdFailed;
    const isOpen = run.result.thresholds.some(({ verdict }) => verdict === "inconclusive");
    return isOpen && flags.failOnInconclusive === true ? ExitCode.inconclusive : ExitCode.ok;
  } finally {
    folder?.discard();
  }
}

interface FinishedRun {
  readonly result: RunResult;
  /** False when it was interrupted. */
  readonly finished: boolean;
  readonly wallSeconds: number;
  readonly requests: number;
}

async function simulate(
  loaded: LoadedScenario,
  settings: RunSettings,
  folder: ResultFolder | undefined,
  { progress, stepByStep }: { progress: Progress<Simulation>; stepByStep: boolean },
): Promise<FinishedRun | undefined> {
  const requestsFile = settings.requests && folder !== undefined ? new RequestsFile(folder) : undefined;
  const interrupt = watchInterrupt(() => {
    progress.stop();
    folder?.discard();
  });
  try {
    const started = performance.now();
    const settled = await settle(loaded, settings, interrupt.isRequested);
    if (settled === undefined) return undefined;
    const { scenario, traces } = settled;
    const simulation = new Simulation(scenario, {
      ...(settings.seed === null ? {} : { seed: settings.seed }),
      ...(requestsFile === undefined ? {} : { onAttempt: (row) => requestsFile.add(row) }),
      stepByStep,
      readTrace: traceReader(traces),
    });
    const finished = await drive(simulation, {
      onSlice: () => progress.update(simulation),
      isInterrupted: interrupt.isRequested,
    });
    const result = simulation.result({ partial: !finished });
    requestsFile?.finish();
    const wallSeconds = (performance.now() - started) / 1000;
    return { result, finished, wallSeconds, requests: simulation.requests };
  } finally {
    progress.stop();
    interrupt.release();
  }
}

/** Threads are opened only for pilots: most scenarios say how long their warm-up is. */
async function settle(
  loaded: LoadedScenario,
  { seed }: RunSettings,
  isInterrupted: () => boolean,
): Promise<LoadedScenario | undefined> {
  if (!loaded.scenario.findsWarmup) return loaded;
  const pilots = openReplications(undefined, { isInterrupted });
  return settledScenarioFile(loaded, seed ?? undefined, pilots).finally(pilots.close);
}

/** Many replications, pooled; undefined where not one of them ended. */
async function simulateMany(
  plan: ReplicationPlan,
  loaded: LoadedScenario,
  settings: RunSettings,
  flags: RunFlags,
  terminal: Terminal,
): Promise<FinishedRun | undefined> {
  const { maxSeconds, workers } = settings.replications;
  const { duration } = loaded.scenario;
  const length = duration === undefined ? Number.POSITIVE_INFINITY : toSeconds(duration);
  const display = studyProgress(terminal, flags.quiet === true, length);
  const interrupt = watchInterrupt(() => display.stop());
  const started = performance.now();
  try {
    const stepByStep = flags.stepByStep === true;
    const { result, finished } = await runStudy(
      loaded,
      { seed: settings.seed ?? undefined, replications: plan, maxSeconds, workers, stepByStep },
      { onProgress: display.update, isInterrupted: interrupt.isRequested },
    );
    if (result === undefined) return undefined;
    const wallSeconds = (performance.now() - started) / 1000;
    return { result, finished, wallSeconds, requests: result.all.requests.offered };
  } finally {
    display.stop();
    interrupt.release();
  }
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

function print(result: RunResult, flags: RunFlags, terminal: Terminal): void {
  const { output } = terminal;
  if (flags.json === true) {
    output.write(summaryJson(result));
    return;
  }
  const report = textReport(result, {
    ...pageFor(flags, terminal),
    ...(output.columns === undefined ? {} : { width: output.columns }),
  });
  output.write(report);
}

/** What differs between two equal runs, and so is said on stderr and never written to a file. */
function notes(
  path: string | undefined,
  flags: RunFlags,
  settings: RunSettings,
  run: FinishedRun,
  { program = "surgefleet" }: Terminal,
): string[] {
  const { result, wallSeconds, requests } = run;
  const speed = wallSeconds > 0 ? `, ${format.count(requests / wallSeconds)} requests/s` : "";
  const { epochs, steps } = result.work;
  const each = (count: number) => format.number(count / requests);
  const effort = epochs > 0 ? `, ${each(epochs)} epochs (${each(steps)} steps) a request` : "";
  const lines = [
    "",
    `seed     ${result.seed}`,
    `took     ${format.time(wallSeconds)}${speed}${effort}`,
    `results  ${settings.folder ?? "not written (--no-out)"}`,
    `repeat   ${repeatCommand(program, path, flags, settings, result.seed)}`,
  ];
  if (result.thresholds.length === 0) lines.push("no thresholds defined: nothing was judged");
  return lines;
}
