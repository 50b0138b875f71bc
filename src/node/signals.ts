// What SIGINT, SIGTERM and SIGHUP do, which is the same for all three. As long as nothing is held they end the process
// at once, as they do everywhere. While something is, they end it with exit code 130 and what was held is put in order
// by its own exit hook; a run that can stop and tell what it has takes the first of them for that.
import { ExitCode } from "./exit-code.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Says whether it took the signal; if none did, the process ends. */
type Taker = () => boolean;

const takers = new Set<Taker>();
let held = 0;
let isListening = false;

/** To be released once. */
export function holdSignals(taker?: Taker): () => void {
  held++;
  if (taker !== undefined) takers.add(taker);
  if (!isListening) for (const signal of SIGNALS) process.on(signal, onSignal);
  isListening = true;
  return () => {
    held--;
    if (taker !== undefined) takers.delete(taker);
    // Not at once: a signal that came while this thread was busy is told only when the event loop turns, and what was
    // written meanwhile is whole by then.
    setImmediate(stopListening);
  };
}

function stopListening(): void {
  if (held > 0 || !isListening) return;
  for (const signal of SIGNALS) process.off(signal, onSignal);
  isListening = false;
}

function onSignal(): void {
  const taken = [...takers].map((take) => take());
  if (!taken.includes(true)) process.exit(ExitCode.interrupted);
}
