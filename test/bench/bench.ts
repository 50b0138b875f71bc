// `npm run bench [-- --json]`: how fast the simulator is and how much memory it takes. Each case runs in a process of
// its own, so that peak memory is its own, a few times, and the median counts; the ratio is to a raw heap loop timed in
// the same process. Speed is never a test: machines differ.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { CASES } from "./cases.js";
import { referencePairsPerSecond } from "./reference.js";

const REPEATS = 3;

interface Measurement {
  readonly name: string;
  readonly unit: string;
  /** Units per second. */
  readonly rate: number;
  readonly events: number;
  /** Units per second over pairs per second of the reference loop. */
  readonly ratio: number;
  /** Peak resident memory of the process, and of the same process doing nothing, MiB. */
  readonly peakMiB: number;
}

function measureHere(index: number): Measurement {
  const { name, unit, run } = CASES[index]!;
  referencePairsPerSecond(200_000);
  const reference = referencePairsPerSecond();
  const began = performance.now();
  const { amount, events } = run();
  const rate = amount / ((performance.now() - began) / 1000);
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  return { name, unit, rate, events, ratio: rate / reference, peakMiB };
}

function measureApart(index: number): Measurement {
  const runs = Array.from({ length: REPEATS }, () => {
    const self = fileURLToPath(import.meta.url);
    const child = spawnSync(process.execPath, ["--import", "tsx", self, "--case", String(index)], {
      encoding: "utf8",
    });
    if (child.status !== 0) throw new Error(`benchmark case ${index} failed: ${child.stderr}`);
    return JSON.parse(child.stdout) as Measurement;
  });
  return runs.sort((a, b) => a.rate - b.rate)[Math.floor(REPEATS / 2)]!;
}

const [flag, value] = process.argv.slice(2);
if (flag === "--case") process.stdout.write(JSON.stringify(measureHere(Number(value))));
else {
  const measurements = CASES.map((_, index) => measureApart(index));
  if (flag === "--json") console.log(JSON.stringify(measurements, null, 2));
  else {
    console.log(
      `median of ${REPEATS} runs; ratio to a raw heap loop (pop and push, 1,000 pending) in the same process`,
    );
    for (const { name, unit, rate, ratio, peakMiB, events } of measurements) {
      const speed = `${Math.round(rate).toLocaleString("en").padStart(11)} ${unit}/s`.padEnd(23);
      const counts = `${events.toLocaleString("en").padStart(10)} events`;
      console.log(
        `${name.padEnd(30)} ${speed} ratio ${ratio.toFixed(4)}  ${counts}  peak ${peakMiB.toFixed(0)} MiB`,
      );
    }
  }
}
