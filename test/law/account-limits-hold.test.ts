// Account limits in whole random worlds, counted anew from the attempts alone: in no minute, and at no instant, is more
// let in than was stated, whatever the fleet sheds, breaks, evicts or abandons.
import { expect, test } from "vitest";
import { parseScenario } from "../../src/core/engine/experiment/simulate.js";
import { Simulation } from "../../src/core/engine/experiment/simulation.js";
import type { AttemptRow, Scenario } from "../../src/core/index.js";
import { gear } from "../support/mode.js";
import { LIMIT_KINDS } from "../support/random-limits.js";
import { readRandomTrace } from "../support/random-trace.js";

const WORLDS = gear(6, 60);

interface Seen {
  readonly seed: string;
  readonly scenario: Scenario;
  readonly rows: readonly AttemptRow[];
}

/** Attempts that a path took, of the worlds of a kind. */
function* worldsOf(kind: string): Generator<Seen> {
  const [, world] = LIMIT_KINDS.find(([name]) => name === kind)!;
  for (let n = 0; n < WORLDS; n++) {
    const seed = `${kind}-${n}`;
    const scenario = parseScenario(world(seed));
    const rows: AttemptRow[] = [];
    new Simulation(scenario, {
      ...{ seed, batches: false, readTrace: readRandomTrace },
      onAttempt: (row) => rows.push({ ...row }),
    }).run();
    yield { seed, scenario, rows: rows.filter(({ outcome }) => outcome !== "invalid") };
  }
}

type Scope = "account" | "model";

const rowOf = ({ account, tier }: AttemptRow, scope: Scope, { paths }: Scenario): string =>
  scope === "account" ? account : `${account} ${paths[tier]!.model}`;

function grouped(rows: readonly AttemptRow[], keyOf: (row: AttemptRow) => string): AttemptRow[][] {
  const groups = new Map<string, AttemptRow[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return [...groups.values()];
}

/** Attempts that count: what was shed or met an outage at once has its charge back, or never had one. */
const counts = ({ outcome }: AttemptRow) =>
  outcome === "completed" || outcome === "in_flight" || outcome === "timed_out" || outcome === "cancelled";

test("no account completes more in a minute than a fixed window or a sliding one holds", () => {
  let met = 0;
  for (const kind of ["limits-fixed", "limits-sliding"]) {
    for (const { seed, scenario, rows } of worldsOf(kind)) {
      const { requests } = scenario.limits!;
      if (requests === undefined) continue;
      const most = Math.floor(requests.rate * 60 + 1e-9);
      const length = kind === "limits-fixed" ? 0 : 60;
      for (const group of grouped(rows, (row) => rowOf(row, requests.scope ?? "model", scenario))) {
        const times = group.filter(counts).map(({ arrived }) => arrived);
        times.sort((one, other) => one - other);
        const inWindow = times.map((from) =>
          times.filter((at) =>
            length === 0 ? Math.floor(at / 60) === Math.floor(from / 60) : at >= from && at < from + length,
          ),
        );
        const largest = Math.max(0, ...inWindow.map((each) => each.length));
        expect(largest, `the world ${seed}`).toBeLessThanOrEqual(most);
        met += group.filter(({ reason }) => reason === "requests").length;
      }
    }
  }
  expect(met).toBeGreaterThan(0);
});

test("no account has more attempts under way than it may", () => {
  let met = 0;
  for (const { seed, scenario, rows } of worldsOf("limits-concurrency")) {
    const { most, scope } = scenario.limits!.concurrency!;
    for (const group of grouped(rows, (row) => rowOf(row, scope, scenario))) {
      const inside = group.filter(({ outcome }) => outcome !== "rate_limited");
      for (const { arrived, reason } of group) {
        // An attempt that ends at an instant may make room before or after another comes.
        const certain = inside.filter((one) => one.arrived < arrived && (one.ended ?? Infinity) > arrived);
        expect(certain.length, `the world ${seed}`).toBeLessThanOrEqual(most);
        if (reason === "concurrency") met++;
      }
    }
  }
  expect(met).toBeGreaterThan(0);
});
