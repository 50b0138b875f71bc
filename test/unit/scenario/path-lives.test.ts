// Models that come and go as a scenario writes them, and traffic that moves between them.
import { describe, expect, it } from "vitest";
import { lifeOfKey, livingPaths } from "../../../src/core/scenario/path-lives.js";
import { loaded, problems } from "./scenarios.js";

interface Parts {
  readonly paths?: string;
  readonly mix?: string;
  readonly more?: string;
  readonly duration?: string;
}

const scenario = ({ paths = "", mix = "{ old: 100% }", more = "", duration = "10m" }: Parts = {}) =>
  `schemaVersion: 1
duration: ${duration}
inventory: { gpus: 4 }
pools:
  shared: { replicas: 4, replica: { engine: slots, slots: 8, tokensPerSecond: 50 } }
paths:
  old: { model: m-1, pool: shared, rank: 1 }
  ${paths === "" ? "new: { model: m-2, pool: shared, rank: 1, launch: 2m }" : paths}
  tier: { model: m-2, serviceTier: priority, pool: shared, rank: 0 }
traffic:
  agents:
    arrivals: { process: poisson, rate: 10/s }
    input: 800
    output: 200
    mix: ${mix}
    ${more}
`;

const newPath = (life: string) => scenario({ paths: `new: { model: m-2, pool: shared, rank: 1, ${life} }` });
const moving = (moves: string, parts: Parts = {}) => scenario({ more: `moves: ${moves}`, ...parts });

describe("the life of a path", () => {
  it("is for ever by default, and a tier's is that of its model's plain path", () => {
    const { paths } = loaded(newPath("launch: 2m, retire: 8m"));
    expect(paths["old"]).not.toHaveProperty("launch");
    expect(paths["old"]).not.toHaveProperty("retire");
    expect(paths["new"]).toMatchObject({ launch: 120e6, retire: 480e6 });
    expect(paths["tier"]).toMatchObject({ launch: 120e6, retire: 480e6 });
  });

  it("is a tier's own where it says so", () => {
    const text = scenario().replace("serviceTier: priority,", "serviceTier: priority, launch: 5m,");
    expect(loaded(text).paths["tier"]).toMatchObject({ launch: 300e6 });
  });

  it.each([
    ["retired before it is there", "launch: 5m, retire: 5m", "retire: launched at 5m, retired at 5m"],
    ["launched after the run", "launch: 10m", "launch: the run ends before that (duration is 10m)"],
    ["retired after the run", "retire: 20m", "retire: the run ends before that (duration is 10m)"],
    ["never there", "retire: 0s", 'retire: "0s" is out of range'],
  ])("does not fit where it is %s", (_, life, problem) => {
    expect(problems(newPath(life))).toEqual([expect.stringContaining(`paths.new.${problem}`)]);
  });

  it("does not fit where a tier is launched after its model is retired", () => {
    const text = newPath("retire: 4m").replace(
      "serviceTier: priority,",
      "serviceTier: priority, launch: 5m,",
    );
    expect(problems(text)).toEqual([
      expect.stringMatching(/paths.tier.launch: launched at 5m, retired at 4m.*after it is launched/s),
    ]);
  });

  it("is that of the path which takes what a mix asks for", () => {
    const paths = livingPaths({
      paths: {
        new: { model: "m-2", launch: "2m" },
        tier: { model: "m-2", serviceTier: "priority", retire: "1h" },
        fast: { model: "f" },
        odd: 7,
      },
    });
    expect(lifeOfKey("new", paths)).toMatchObject({ launch: 120e6 });
    expect(lifeOfKey("new+tier", paths)).toMatchObject({ launch: 120e6, retire: 3600e6 });
    expect(lifeOfKey("fast+tier", paths)).toEqual({});
    expect(lifeOfKey("nothing", paths)).toEqual({});
  });
});

describe("moves", () => {
  it("are addresses and times, from the launch of where they go by default", () => {
    const text = moving(
      "[{ from: old, to: new+tier, over: 1m, share: 60% }, { from: new+tier, to: old, at: 9m }]",
    );
    expect(loaded(text).traffic["agents"]!.moves).toEqual([
      {
        from: { model: "m-1" },
        to: { model: "m-2", serviceTier: "priority" },
        at: 120e6,
        over: 60e6,
        share: 0.6,
      },
      {
        from: { model: "m-2", serviceTier: "priority" },
        to: { model: "m-1" },
        at: 540e6,
        over: 0,
        share: 1,
      },
    ]);
    expect(loaded(scenario()).traffic["agents"]).not.toHaveProperty("moves");
  });

  it.each([
    ["[{ from: older, to: new }]", 'moves.0.from: there is no path "older"'],
    ["[{ from: old, to: newer }]", 'moves.0.to: there is no path "newer"'],
    ["[{ from: old, to: old }]", 'moves.0.to: "old" is where it comes from'],
    ["[{ from: old, to: old+new }]", 'moves.0.to: path "new" has no service tier to ask for'],
    ["[{ from: new, to: old }]", 'moves.0.from: nothing asks for "new" that could move'],
    ["[{ from: old, to: new, at: 1m }]", 'moves.0.at: "new" is launched at 2m: what moves before gets a 404'],
    ["[{ from: old, to: new+tier, at: 1m }]", 'moves.0.at: "new+tier" is launched at 2m'],
    ["[{ from: old, to: new, at: 10m }]", "moves.0.at: the run ends before that (duration is 10m)"],
    ["[]", "moves"],
  ])("do not fit: %s", (moves, problem) => {
    const found = problems(moving(moves));
    expect(found.join("\n")).toContain(problem);
  });

  it("to what is launched after the run are told of the launch alone", () => {
    const paths = "new: { model: m-2, pool: shared, rank: 1, launch: 10m }";
    expect(problems(moving("[{ from: old, to: new }]", { paths }))).toEqual([
      expect.stringContaining("paths.new.launch: the run ends before that"),
    ]);
  });

  it("do not fit where what they move to is gone", () => {
    const paths = "new: { model: m-2, pool: shared, rank: 1, retire: 5m }";
    expect(problems(moving("[{ from: old, to: new, at: 5m }]", { paths }))).toEqual([
      expect.stringContaining('moves.0.at: "new" is retired at 5m'),
    ]);
    expect(problems(moving("[{ from: old, to: new, at: 4m }]", { paths }))).toEqual([]);
  });

  it("may come from what a trace names, and from what an earlier one leads to", () => {
    const moves = "[{ from: new, to: old }]";
    const trace = moving(moves)
      .replace("{ process: poisson, rate: 10/s }", "{ trace: calls.csv }")
      .replace(/ {4}(?:in|out)put: .*\n/g, "");
    expect(problems(trace)).toEqual([]);
    expect(problems(moving("[{ from: old, to: new }, { from: new, to: tier }]"))).toEqual([]);
  });
});

describe("a spike", () => {
  const spiked = (arrivals: string) => scenario().replace("{ process: poisson, rate: 10/s }", arrivals);

  it("has a launch, a peak and a half-life", () => {
    const text = spiked("{ process: poisson, rate: 10/s, spike: { at: 2m, peak: 6, halfLife: 45s } }");
    expect(loaded(text).traffic["agents"]!.arrivals).toMatchObject({
      spike: { at: 120e6, peak: 6, halfLife: 45e6, before: 0 },
    });
  });

  it("is no phase", () => {
    const phases = "phases: [{ duration: 1m, arrivalRate: 5 }]";
    expect(
      problems(spiked(`{ process: poisson, ${phases}, spike: { at: 2m, peak: 6, halfLife: 45s } }`)),
    ).toEqual([expect.stringContaining("spike: phases say the rate by themselves")]);
  });

  it("comes before the run ends", () => {
    for (const kind of ["process: poisson", "process: gamma, cv: 2"]) {
      const at = (time: string) =>
        problems(spiked(`{ ${kind}, rate: 10/s, spike: { at: ${time}, peak: 6, halfLife: 45s } }`));
      expect(at("599s")).toEqual([]);
      expect(at("10m")).toEqual([
        expect.stringMatching(
          /traffic.agents.arrivals.spike.at: the run ends before that \(duration is 10m\)$/,
        ),
      ]);
    }
  });
});
