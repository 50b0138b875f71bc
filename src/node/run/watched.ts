// Work that people watch and may stop: Ctrl-C asks it to end, a display on stderr follows it, and however it ends both
// are given back. Every command that runs anything for long runs it here.

import type { LoadedScenario } from "../scenario-file.js";
import type { Terminal } from "../terminal.js";
import { watchInterrupt } from "./interrupt.js";
import { type Progress, studyProgress } from "./progress.js";
import { openReplications } from "./replications.js";
import { type FinishedStudy, runStudy, type StudySettings } from "./study.js";

export interface Watch<State> {
  readonly isInterrupted: () => boolean;
  /** Shows how far it is. */
  readonly update: (state: State) => void;
}

/** `abandon` tidies up before a second Ctrl-C ends the process; it must be quick and synchronous. */
export async function watched<State, Result>(
  display: Progress<State>,
  work: (watch: Watch<State>) => Promise<Result>,
  abandon: () => void = () => {},
): Promise<Result> {
  const interrupt = watchInterrupt(() => {
    display.stop();
    abandon();
  });
  try {
    return await work({ isInterrupted: interrupt.isRequested, update: display.update });
  } finally {
    display.stop();
    interrupt.release();
  }
}

/** Runs a study to its end; undefined where it was interrupted, since half of one is no verdict. */
export type RunStudy = (
  loaded: LoadedScenario,
  settings: Omit<StudySettings, "workers">,
) => Promise<WholeStudy | undefined>;

export interface WholeStudy extends FinishedStudy {
  readonly result: NonNullable<FinishedStudy["result"]>;
}

interface StudiesOptions {
  /** Threads; undefined: one for each processor. */
  readonly workers: number | undefined;
  readonly quiet: boolean | undefined;
}

/** Many studies, one after the other, on the same threads, each with a display of its own. */
export function watchedStudies<Result>(
  { workers, quiet = false }: StudiesOptions,
  terminal: Terminal,
  work: (run: RunStudy) => Promise<Result>,
): Promise<Result> {
  let display: { readonly stop: () => void } | undefined;
  const current = { update: () => {}, stop: () => display?.stop() };
  return watched(current, async ({ isInterrupted }) => {
    const replications = openReplications(workers, { isInterrupted });
    const run: RunStudy = async (loaded, settings) => {
      const progress = studyProgress(terminal, quiet, Number.POSITIVE_INFINITY);
      display = progress;
      try {
        const study = await runStudy(loaded, settings, {
          replications,
          isInterrupted,
          onProgress: progress.update,
        });
        const { result, finished } = study;
        return finished && result !== undefined ? { ...study, result } : undefined;
      } finally {
        progress.stop();
      }
    };
    return work(run).finally(replications.close);
  });
}
