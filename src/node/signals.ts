// What SIGINT, SIGTERM and SIGHUP do, which is the same for all three. As long as nothing is held they end the process
// at once, as they do everywhere. While something is, they end it with exit code 130 and what was held is put in order
// by its own exit hook; a run that can stop and tell what it has takes the first of them for that.
import { ExitCode } from "./exit-code.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * One Ctrl-C may come several times: to all processes of the terminal, and once more from a parent that passes it on,
 * as npm does. A person who presses it again takes longer.
 */
const SAME_MS = 500;

/** Says whether it took the signal; if none did, the process ends. */
type Taker = () => boolean;

const takers = new Set<Taker>();
let held = 0;
let isListening = false;
let takenAt = Number.NEGATIVE_INFINITY;

/** To be released once. */
export function holdSignals(taker?: Taker): () => void {
  held++;
  if (taker !== undefined) {
    takers.add(taker);
    // What was meant for an earlier run is over.
    takenAt = Number.NEGATIVE_INFINITY;
  }
  listen();
  return () => {
    held--;
    if (taker !== undefined) takers.delete(taker);
    // Not at once: a signal that came while this thread was busy is told only when the event loop turns, and what was
    // written meanwhile is whole by then.
    setImmediate(stopIfIdle);
  };
}

/**
 * Runs the action, in which this thread cannot be told of a signal: one that comes meanwhile ends the process at once.
 */
export function whileSignalsEnd<Value>(action: () => Value): Value {
  const wasListening = isListening;
  stopListening();
  try {
    return action();
  } finally {
    if (wasListening) listen();
  }
}

function listen(): void {
  if (isListening) return;
  for (const signal of SIGNALS) process.on(signal, onSignal);
  isListening = true;
}

function stopListening(): void {
  for (const signal of SIGNALS) process.off(signal, onSignal);
  isListening = false;
}

function stopIfIdle(): void {
  if (held > 0 || !isListening) return;
  const rest = takenAt + SAME_MS - performance.now();
  if (rest > 0) setTimeout(stopIfIdle, rest).unref();
  else stopListening();
}

function onSignal(): void {
  if (performance.now() - takenAt < SAME_MS) return;
  const taken = [...takers].map((take) => take());
  if (taken.includes(true)) takenAt = performance.now();
  else process.exit(ExitCode.interrupted);
}
