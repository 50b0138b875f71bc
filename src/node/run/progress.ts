// A few lines on stderr that say how far a run, a study or other long work is: speed, time left, and for every
// threshold the interval so far, so that one sees when it is enough. Shown to people only, never written to a log or a
// pipe.
import { createLogUpdate } from "log-update";
import type { Simulation, ThresholdResult } from "../../core/index.js";
import { format, thresholdValue, toSeconds } from "../../core/internal.js";
import { safeText } from "../safe-text.js";
import { isCi, styleFor, type Terminal, wantsColor } from "../terminal.js";
import type { StudyProgress } from "./study.js";

export interface Progress<State> {
  readonly update: (state: State) => void;
  /** Takes the lines away. */
  readonly stop: () => void;
}

const SILENT: Progress<unknown> = { update: () => {}, stop: () => {} };
/** Most runs are over before a line could be read. */
const QUIET_MS = 300;
const REDRAW_MS = 200;
/** Judging thresholds in the middle of a run costs as much as building its result. */
const JUDGE_MS = 2000;
const MOST_THRESHOLDS = 12;

/** Of one run. */
export function runProgress(terminal: Terminal, quiet: boolean): Progress<Simulation> {
  let thresholds: readonly ThresholdResult[] = [];
  let judged = 0;
  return liveLines(terminal, quiet, (simulation, seconds) => {
    if (seconds * 1000 - judged > JUDGE_MS) {
      thresholds = simulation.thresholdsSoFar();
      judged = seconds * 1000;
    }
    return { headline: runHeadline(simulation, seconds), thresholds };
  });
}

/** Of many. `length` is that of one replication in simulated seconds, Infinity where only a trace knows. */
export function studyProgress(terminal: Terminal, quiet: boolean, length: number): Progress<StudyProgress> {
  return liveLines(terminal, quiet, (progress, seconds) => ({
    headline: studyHeadline(progress, seconds, length),
    thresholds: progress.soFar?.().thresholds ?? [],
  }));
}

export interface Shown {
  readonly headline: string;
  readonly thresholds?: readonly ThresholdResult[];
}

/** Of anything that can say in a line, and by its thresholds, how far it is after so many seconds. */
export function liveLines<State>(
  terminal: Terminal,
  quiet: boolean,
  show: (state: State, seconds: number) => Shown,
): Progress<State> {
  if (quiet || terminal.errors.isTTY !== true || isCi(terminal.env)) return SILENT;
  // A hidden cursor would have to be shown again whatever ends the process, which takes a handler of signals of its
  // own.
  const draw = createLogUpdate((terminal.cursor ?? terminal.errors) as unknown as NodeJS.WritableStream, {
    showCursor: true,
  });
  const style = styleFor(wantsColor(terminal.errors, terminal.env, true));
  const started = performance.now();
  let drawnAt = Number.NEGATIVE_INFINITY;
  return {
    update: (state) => {
      const now = performance.now();
      if (now - started < QUIET_MS || now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      const { headline, thresholds = [] } = show(state, (now - started) / 1000);
      const lines = thresholds.slice(0, MOST_THRESHOLDS).map((one) => thresholdLine(one, style));
      draw(safeText([headline, ...lines].join("\n"), false));
    },
    stop: () => {
      draw.clear();
      draw.done();
    },
  };
}

function thresholdLine(one: ThresholdResult, style: ReturnType<typeof styleFor>): string {
  const { verdict, metric, expression } = one;
  const mark =
    verdict === "pass"
      ? style.good("pass")
      : verdict === "undecided"
        ? style.warn("open")
        : style.bad(verdict === "fail" ? "FAIL" : "none");
  return `  ${mark}  ${metric}  ${expression}  ${thresholdValue(one)}`;
}

function runHeadline(simulation: Simulation, seconds: number): string {
  const { now, until, requests } = simulation;
  const isKnown = Number.isFinite(until);
  const share = isKnown ? Math.min(1, now / until) : 0;
  const whole = isKnown ? ` of ${format.span(toSeconds(until))}` : "";
  const speed = `${format.count(requests / seconds)} requests/s`;
  const so = format.span(Math.min(toSeconds(now), toSeconds(until)));
  // The measured window is over, and what began in it has not ended yet.
  if (now > until) return `${so}${whole} simulated, following what is open, ${speed}`;
  return `${so}${whole} simulated, ${speed}${timeLeft(share, seconds, "")}`;
}

function studyHeadline({ runs, most, underWay, soFar }: StudyProgress, seconds: number, length: number) {
  const requests = (soFar?.().all.requests.offered ?? 0) + underWay.requests;
  const part = Number.isFinite(length) ? underWay.simulated / length : 0;
  const share = Math.min(1, (runs + part) / most);
  const simulated = format.span(underWay.simulated);
  const speed = `${format.count(requests / seconds)} requests/s`;
  const left = timeLeft(share, seconds, " at most");
  return `${runs} of ${most} replications, ${simulated} under way, ${speed}${left}`;
}

/** Nothing before there is enough to go by. */
function timeLeft(share: number, seconds: number, words: string): string {
  return share > 0.005 ? `, ${format.span((seconds * (1 - share)) / share)} left${words}` : "";
}
