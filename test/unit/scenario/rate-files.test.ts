import { expect, test } from "vitest";
import { formatIssue } from "../../../src/core/base/errors.js";
import { loadScenario } from "../../../src/core/scenario/load.js";

const CSV = "timestamp,count\n60,30\n120,30\n180,0\n240,120\n";
const query = (values: unknown, more: readonly unknown[] = []) =>
  JSON.stringify({
    status: "success",
    data: { resultType: "matrix", result: [{ metric: {}, values }, ...more] },
  });

const scenario = (arrivals: string) => `schemaVersion: 1
name: x
duration: 4m
inventory: { gpus: 1 }
pools:
  p:
    replicas: 1
    replica: { engine: batching, profile: llama-3.1-8b-h100, maxSequences: 8, kvTokens: 400k }
    admission: { policy: none }
paths:
  std: { model: m, pool: p, rank: 0, price: { input: 1, cached: 0.1, output: 2 } }
traffic:
  t:
    arrivals: ${arrivals}
    input: { dist: constant, value: 100 }
    output: { dist: constant, value: 5 }
    mix: { std: 100% }
`;

/** The arrivals as they come out, or the messages. */
function loaded(arrivals: string, text: string | undefined): unknown {
  const read = text === undefined ? undefined : (reference: string) => ({ file: reference, text });
  const result = loadScenario(
    { file: "s.yaml", text: scenario(arrivals) },
    read === undefined ? {} : { read },
  );
  return result.ok ? result.scenario.traffic["t"]!.arrivals : result.issues.map(formatIssue);
}

const minute = 60_000_000;
const phases = [
  { duration: 2 * minute, arrivalRate: 0.5 },
  { duration: minute, arrivalRate: 0 },
  { duration: minute, arrivalRate: 2 },
];

test.each([
  ["counts in seconds", "counts", CSV],
  ["the other way round", "counts", CSV.replaceAll(/^(.*),(.*)$/gm, "$2,$1")],
  ["CRLF, a BOM, blank lines at the end", "counts", `\uFEFF${CSV.replaceAll("\n", "\r\n")}\r\n`],
  [
    "dates",
    "counts",
    "time,requests\n2026-01-01T00:00:00Z,30\n2026-01-01 00:01:00Z,30\n2026-01-01T00:02:00Z,0\n2026-01-01T00:03:00Z,120\n",
  ],
  ["requests a second", "rates", CSV.replaceAll(",30", ",0.5").replace(",120", ",2")],
  [
    "a Prometheus query",
    "counts",
    query([
      [60, "30"],
      [120, "3e1"],
      [180, "0"],
      [240, "120"],
    ]),
  ],
])("%s become phases, equal steps one of them", (_, key, text) => {
  expect(loaded(`{ process: poisson, ${key}: f }`, text)).toMatchObject({ process: "poisson", phases });
});

test("they can be repeated, and do without a word as phases by hand", () => {
  expect(loaded("{ process: gamma, cv: 2, counts: f, repeat: true }", CSV)).toMatchObject({
    phases,
    repeat: true,
  });
});

test.each([
  ["no header", "1,2\n2,3\n", "f:1:1 traffic.t.arrivals.counts: has no header"],
  ["three columns", "a,b,c\n", "f:1:1 traffic.t.arrivals.counts: must be two columns"],
  [
    "a word for a value",
    "a,b\n1,x\n2,1\n",
    'f:2:1 traffic.t.arrivals.counts: "x" must be a number from 0 up',
  ],
  [
    "a negative value",
    "a,b\n1,-1\n2,1\n",
    'f:2:1 traffic.t.arrivals.counts: "-1" must be a number from 0 up',
  ],
  ["a time that is none", "a,b\nx,1\n2,1\n", "f:2:1 traffic.t.arrivals.counts: the time is"],
  ["two clocks", "a,b\n1,1\n2026-01-01T00:00:00,1\n", "f:3:1 traffic.t.arrivals.counts: the time is a date"],
  ["a row too long", "a,b\n1,1,1\n", "is no row of two values"],
  [
    "a step that is missing",
    "a,b\n60,1\n120,1\n240,1\n",
    "f:4:1 traffic.t.arrivals.counts: the time is 60s off",
  ],
  ["time that goes back", "a,b\n60,1\n0,1\n", "the time does not go on"],
  ["one step", "a,b\n60,1\n", "must have two steps at least"],
  ["nothing at all", "a,b\n60,0\n120,0\n", "nothing ever arrives"],
  ["JSON cut off", '{\n"data"', 'f:2:1 traffic.t.arrivals.counts: is not JSON: expected ":"'],
  [
    "another answer",
    '{"data":{"resultType":"vector","result":[]}}',
    "must be the answer to a Prometheus range query",
  ],
  ["two series", query([], [{ metric: {}, values: [] }]), "holds 2 series, but must hold one"],
  [
    "NaN",
    query([
      [60, "NaN"],
      [120, "1"],
    ]),
    "must be a time and a number from 0 up in quotes",
  ],
])("%s is told", (_, text, message) => {
  expect(loaded("{ process: poisson, counts: f }", text)).toEqual([expect.stringContaining(message)]);
});

test("one rate only, and a file that can be read", () => {
  const both = "{ process: poisson, counts: f, rate: 1 }";
  expect(loaded(both, CSV)).toEqual([expect.stringContaining('leave out "rate"')]);
  const two = loaded("{ process: poisson, counts: f, rates: f }", CSV);
  expect(two).toEqual(expect.arrayContaining([expect.stringContaining('leave out "rates"')]));
  expect(loaded("{ process: poisson, counts: f }", undefined)).toEqual([
    expect.stringContaining(
      's.yaml:14:43 traffic.t.arrivals.counts: cannot read "f": files cannot be read here',
    ),
  ]);
});
