// What `surgefleet trace fit` prints, the fit beside the trace, and what it writes, a scenario that draws such traffic.
import { basename } from "node:path";
import { stringify } from "yaml";
import { type Fit, type FittedTraffic, format } from "../../../../core/internal.js";

const NAME = 34;

export function fitText(file: string, { lines, notes }: Fit): string {
  const cell = (text: string) => text.padStart(12);
  const head = `${file}\n${"".padEnd(NAME)}${["trace", "fitted", "KS"].map(cell).join("")}`;
  const rows = lines.map(({ what, target, fitted, ks }) => {
    const cells = [cell(format.number(target, 4)), cell(format.number(fitted, 4))];
    return `${what.padEnd(NAME)}${cells.join("")}${cell(ks === undefined ? "" : ks.toFixed(3))}`;
  });
  return `${[head, ...rows, ...notes.map((note) => `note: ${note}`)].join("\n")}\n`;
}

/** A scenario that loads as it is, with a fleet to be replaced. */
export function scenarioText(trace: string, out: string, traffic: FittedTraffic, span: number): string {
  const { arrivals, archetypes, maxInput, maxOutput, ...rest } = traffic;
  const document = {
    schemaVersion: 1,
    name: nameOf(out),
    description: `Traffic fitted to ${basename(trace)}`,
    duration: `${Math.max(60, Math.min(86_400, Math.ceil(span)))}s`,
    inventory: { gpus: 8 },
    pools: {
      shared: {
        replicas: 8,
        replica: {
          engine: "batching",
          profile: "llama-3.1-8b-h100",
          maxSequences: 128,
          kvTokens: Math.max(400_000, 2 * (maxInput + maxOutput)),
        },
        admission: { policy: "tail-drop", maxQueue: 256, queueTimeout: "30s" },
      },
    },
    paths: {
      standard: { model: "model", pool: "shared", rank: 0, price: { input: 0.2, cached: 0.1, output: 0.2 } },
    },
    traffic: {
      fitted: {
        arrivals: {
          ...arrivals,
          rate: `${arrivals.rate}/s`,
          swings: arrivals.swings.map(({ sigma, tau }) => ({ sigma, tau: `${tau}s` })),
        },
        ...rest,
        archetypes,
        maxInput,
        maxOutput,
        mix: { standard: 1 },
      },
    },
  };
  const head = [
    "# yaml-language-server: $schema=./node_modules/surgefleet/schema/scenario.schema.json",
    "# Written by `surgefleet trace fit`. The fleet is a placeholder, the traffic is fitted: natural logarithms,",
    "# tokens and seconds.",
  ];
  return `${head.join("\n")}\n${stringify(document, { lineWidth: 0, flowCollectionPadding: false })}`;
}

function nameOf(path: string): string {
  const name = basename(path)
    .replace(/\.[^.]*$/, "")
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-");
  return /^[a-z0-9]/.test(name) ? name.slice(0, 64) : "fitted";
}
