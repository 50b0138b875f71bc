// `npm run bench [-- --json | --gateway [SLICES] | --curves [--svg FILE] | --against COMMIT [SLICES]]`: how fast the
// simulator is and how much memory it takes. Each case runs in a process of its own, so that its memory is its own, a few
// times, and the median counts; the ratio is to a raw heap loop timed in the same process just before and after. With
// --against, the static rows of another commit take turns with those of this tree; with --gateway, a fleet behind each
// gateway with one behind none. Speed is never a test: machines differ.
import { writeFileSync } from "node:fs";
import { inlineMore } from "../../src/node/inlining.js";
import { compareGateways, compareWith, serveSlices } from "./against.js";
import type { BenchCase } from "./bench-case.js";
import { AGENTIC_NAME, CURVES, casesOf, fleetCase, PLAIN_NAME } from "./cases.js";
import { curvesSvg } from "./curves.js";
import { elasticCases } from "./elastic-cases.js";
import { type Measurement, measureApart, measureHere } from "./measure.js";

// As the command line does.
inlineMore();

const CURVE_CASES = Object.values(CURVES)
  .flat()
  .flatMap((spec) => [spec, { ...spec, requests: Math.min(spec.requests, 100_000), stepByStep: true }]);
const CASES: readonly BenchCase[] = [...casesOf(1), ...elasticCases(1)];
const ALL: readonly BenchCase[] = [...CASES, ...CURVE_CASES.map((spec) => fleetCase(spec))];

function printTable(measurements: readonly Measurement[]): void {
  console.log("median of 3 processes, each warmed up with 50,000 requests");
  console.log("ratio: to a raw heap loop (pop and push, 1,000 pending) in the same process");
  for (const { name, unit, rate, ratio, epochs, amount, retained, peakMiB } of measurements) {
    const speed = `${Math.round(rate).toLocaleString("en").padStart(11)} ${unit}/s`.padEnd(23);
    const each = epochs === 0 ? "" : `${(epochs / amount).toFixed(2)} epochs each`;
    const memory = `${(retained / amount).toFixed(1)} B kept each, peak ${peakMiB.toFixed(0)} MiB`;
    console.log(`${name.padEnd(46)} ${speed} ratio ${ratio.toFixed(4)}  ${each.padEnd(17)} ${memory}`);
  }
}

/** Requests per second of the large elastic fleet over those of the small one. */
function printRatioOfFleets(measurements: readonly Measurement[]): void {
  const [small, large] = measurements.slice(-elasticCases(1).length).map(({ rate }) => rate);
  console.log(
    `the large elastic fleet simulates ${(large! / small!).toFixed(2)} times the requests per second`,
  );
}

/** What a request of sessions costs over one that comes by itself. */
function printRatioOfMixes(measurements: readonly Measurement[]): void {
  const rateOf = (wanted: string) => measurements.find(({ name }) => name === wanted)?.rate;
  const [agentic, plain] = [rateOf(AGENTIC_NAME), rateOf(PLAIN_NAME)];
  if (agentic === undefined || plain === undefined) return;
  console.log(`a request of the agentic mix costs ${(plain / agentic).toFixed(2)} times a plain one`);
}

function measureCurves(): Record<string, { at: number; macro: Measurement; step: Measurement }[]> {
  let next = CASES.length;
  const curve = (key: keyof typeof CURVES) =>
    CURVES[key].map((spec) => {
      const [macro, step] = [measureApart(next++, 1), measureApart(next++, 1)];
      console.error(`${macro.name}: ${Math.round(macro.rate).toLocaleString("en")}/s`);
      return { at: spec[key], macro, step };
    });
  return { requests: curve("requests"), replicas: curve("replicas"), outputTokens: curve("outputTokens") };
}

const [flag, value, file] = process.argv.slice(2);
if (flag === "--case") process.stdout.write(JSON.stringify(measureHere(ALL[Number(value)]!)));
else if (flag === "--slices") await serveSlices(Number(value));
else if (flag === "--against") await compareWith(value ?? "HEAD", Number(file ?? 30));
else if (flag === "--gateway") await compareGateways(Number(value ?? 20));
else if (flag === "--curves") {
  const curves = measureCurves();
  if (value === "--svg" && file !== undefined) writeFileSync(file, curvesSvg(curves));
  else console.log(JSON.stringify(curves, null, 2));
} else {
  const measurements = CASES.map((_, index) => measureApart(index, 3));
  if (flag === "--json") console.log(JSON.stringify(measurements, null, 2));
  else {
    printTable(measurements);
    printRatioOfMixes(measurements);
    printRatioOfFleets(measurements);
  }
}
