// One line on stderr that says how far a run is; shown to people only, never written to a log or a pipe.
import { SingleBar } from "cli-progress";
import { format, type Simulation, toSeconds } from "../../core/index.js";
import { isCi, type Terminal } from "../terminal.js";

export interface Progress {
  readonly update: (simulation: Simulation) => void;
  readonly stop: () => void;
}

const SILENT: Progress = { update: () => {}, stop: () => {} };
/** Most runs are over before a line could be read. */
const QUIET_MS = 300;

export function createProgress(terminal: Terminal, quiet: boolean): Progress {
  if (quiet || terminal.errors.isTTY !== true || isCi(terminal.env)) return SILENT;
  return progressLine(terminal.errors as unknown as NodeJS.WritableStream);
}

function progressLine(stream: NodeJS.WritableStream): Progress {
  const started = performance.now();
  let line: SingleBar | undefined;
  return {
    update: (simulation) => {
      const elapsed = performance.now() - started;
      if (elapsed < QUIET_MS) return;
      const length = simulation.until;
      const isKnown = Number.isFinite(length);
      if (line === undefined) {
        line = new SingleBar({
          stream,
          format: isKnown
            ? "{bar} {percentage}% of {whole}  {rate} requests/s  {eta_formatted} left"
            : UNKNOWN_LENGTH,
          barsize: 24,
          barCompleteChar: "#",
          barIncompleteChar: "-",
          hideCursor: true,
          clearOnComplete: true,
          gracefulExit: false,
        });
        line.start(isKnown ? length : simulation.now, 0, payload(simulation, elapsed));
      }
      line.update(Math.min(simulation.now, length), payload(simulation, elapsed));
    },
    stop: () => line?.stop(),
  };
}

const UNKNOWN_LENGTH = "{now} simulated  {requests} requests  {rate} requests/s";

function payload(simulation: Simulation, elapsedMs: number): Record<string, string> {
  return {
    now: format.span(toSeconds(simulation.now)),
    whole: Number.isFinite(simulation.until) ? format.span(toSeconds(simulation.until)) : "",
    requests: format.count(simulation.requests),
    rate: format.number((simulation.requests * 1000) / elapsedMs),
  };
}
