// Arrivals as a scenario writes them: a wrong value is told of the key that has it, whatever kind of arrivals it is in,
// and every 0 that means something is legal.
import { describe, expect, it } from "vitest";
import { loaded, problems, withLine } from "./scenarios.js";

const ARRIVALS_LINE = 13;
const written = (arrivals: object) => withLine(ARRIVALS_LINE, `    arrivals: ${JSON.stringify(arrivals)}`);

const arrivalsOf = (arrivals: object) => loaded(written(arrivals)).traffic["agents"]!.arrivals;

const phases = [{ duration: "60s", arrivalRate: 5, rampTo: 20 }, { pause: "30s" }];
const crowds = [{ duration: "60s", callers: 5, rampTo: 20 }, { pause: "30s" }];
const shape = { daily: "office", startHour: 3 };
const spike = { at: "1m", peak: 3, halfLife: "1m" };
const timed = { rate: "5/s", shape, spike };

/** Valid arrivals of each kind, by what they are; together they have every key that there is. */
const KINDS: Readonly<Record<string, object>> = {
  poisson: { process: "poisson", ...timed },
  "poisson phases": { process: "poisson", phases, repeat: true, shape },
  gamma: { process: "gamma", cv: 2, ...timed },
  "gamma phases": { process: "gamma", cv: 2, phases, repeat: true },
  constant: { process: "constant", phase: "50%", ...timed },
  "constant phases": { process: "constant", phase: 0, phases, repeat: true },
  closed: { process: "closed", callers: 5, stagger: "10s", think: "5s" },
  "closed phases": {
    process: "closed",
    phases: crowds,
    repeat: true,
    think: { dist: "exponential", mean: "5s" },
  },
};

const WRONG = ["nonsense", []];

describe.each(Object.entries(KINDS))("%s", (_, arrivals) => {
  it("is a kind of arrivals", () => {
    expect(problems(written(arrivals))).toEqual([]);
  });

  const keys = Object.keys(arrivals).filter((key) => key !== "process");
  it.each(keys.flatMap((key) => WRONG.map((value) => [key, JSON.stringify(value), value] as const)))(
    "tells a wrong %s of %s at its place",
    (key, _text, value) => {
      const all = problems(written({ ...arrivals, [key]: value }));
      expect(all.length).toBeGreaterThan(0);
      for (const one of all) expect(one).toContain(`traffic.agents.arrivals.${key}`);
    },
  );

  it.each(keys)("tells of the unknown key beside %s, by its name", (key) => {
    const all = problems(written({ ...arrivals, [`${key}Unheard`]: 1 }));
    expect(all).toEqual([expect.stringContaining(`traffic.agents.arrivals.${key}Unheard: unknown key`)]);
  });

  it("asks for a process by name where it has another", () => {
    const all = problems(written({ ...arrivals, process: "steady" }));
    expect(all).toContainEqual(
      expect.stringMatching(/process: "steady" is not poisson, gamma, constant or closed/),
    );
  });
});

it.each([0, "0s", { dist: "constant", value: 0 }, { dist: "empirical", values: [0, "5s"], weights: [1, 1] }])(
  "lets callers think for %j",
  (think) => {
    expect(problems(written({ process: "closed", callers: 5, think }))).toEqual([]);
  },
);

it.each([
  { process: "constant", rate: 5, phase: 0 },
  { process: "constant", rate: 5, phase: "0%" },
  { process: "poisson", phases: [{ duration: 1, arrivalRate: 0, rampTo: 5 }] },
  { process: "closed", think: 1, phases: [{ duration: 1, callers: 0, rampTo: 5 }] },
  { process: "closed", think: 1, phases: [{ duration: 1, callers: 5, rampTo: 0 }] },
])("takes the 0 of %j", (arrivals) => {
  expect(problems(written(arrivals))).toEqual([]);
});

it.each([
  [0.5, 0.5],
  ["500ms", 0.5],
  ["5s", 5],
  ["2m", 120],
  ["1h", 3600],
  ["250us", 0.00025],
])("reads a think time of %j in seconds", (think, value) => {
  const read = arrivalsOf({ process: "closed", callers: 5, think });
  expect(read).toMatchObject({ think: { dist: "constant", value } });
});

it("reads the times of a distribution with their units, and those without in seconds, to the last digit", () => {
  const think = { dist: "mixture", of: [{ dist: "exponential", mean: "200ms", weight: 1 }] };
  expect(arrivalsOf({ process: "closed", callers: 5, think })).toMatchObject({
    think: { of: [{ mean: 0.2 }] },
  });
  const third = { dist: "exponential", mean: 1 / 3 };
  expect(arrivalsOf({ process: "closed", callers: 5, think: third })).toMatchObject({ think: third });
});

it("reads how callers join", () => {
  const joined = (stagger: unknown) => arrivalsOf({ process: "closed", callers: 5, think: 0, stagger });
  expect(joined("10s")).toMatchObject({ stagger: { over: 10e6, join: "evenly" } });
  expect(joined({ over: "10s", join: "at random" })).toMatchObject({
    stagger: { over: 10e6, join: "at random" },
  });
});

it.each([
  [{ process: "closed", think: 0 }, 'needs "callers" or "phases"'],
  [{ process: "closed", think: 0, callers: 5, phases: crowds }, 'needs "callers" or "phases"'],
  [{ process: "closed", think: 0, callers: 5, repeat: true }, "repeat: only phases can be repeated"],
  [{ process: "closed", think: 0, phases: crowds, stagger: "1s" }, "stagger: phases say who joins when"],
  [{ process: "closed", think: 0, phases: [{ pause: "1s" }] }, "phases: nobody is ever there"],
  [{ process: "closed", callers: 5 }, 'think: missing key "think"'],
  [{ process: "constant", rate: 5, phase: 1 }, "phase: 1 is out of range"],
])("refuses %j", (arrivals, message) => {
  expect(problems(written(arrivals))).toEqual([expect.stringContaining(message)]);
});
