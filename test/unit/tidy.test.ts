// The code base checks itself: what may be used where, how long things may get, that nothing lies around unused and
// nothing goes untested. Every message says what to do instead.
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  functionsOf,
  hasRunTimeCode,
  importsOf,
  isThere,
  namesUsedIn,
  powersIn,
  sourceFile,
  sourceFiles,
} from "../support/source-files.js";

const all = sourceFiles("src");
const core = all.filter(({ path }) => path.startsWith("src/core/"));
const modules = core.filter(({ path }) => !path.endsWith(".d.ts"));

/** They hand on what others declare. */
const ENTRIES = ["src/core/index.ts", "src/core/internal.ts", "src/core/contracts.ts"];
const MOST_FILE_LINES = 350;
const MOST_FUNCTION_LINES = 70;
/** The formatter keeps code to 110; this is for comments, which it leaves alone. */
const MOST_COLUMNS = 120;

describe("src/core is pure", () => {
  const banned: Readonly<Record<string, string>> = {
    Date: "time is an argument: take an Instant",
    "Math.random": "chance is an argument: take a Stream",
    performance: "core has no clock: measure in src/node",
    setTimeout: "core has no timers: schedule an event",
    setInterval: "core has no timers: schedule an event",
    console: "core does not talk: return data, or throw a SurgefleetError",
    process: "core knows no process: take the value as an argument",
    globalThis: "core knows no environment: take the value as an argument",
    Buffer: "core runs in browsers: use typed arrays",
  };

  const uses = core.flatMap(namesUsedIn);

  test.each(Object.entries(banned))("%s is banned: %s", (name, instead) => {
    const places = uses.filter((use) => use.name === name);
    expect(places.map(({ place }) => `${place}: ${name} is banned in core; ${instead}`)).toEqual([]);
  });

  test("a use of each would be noticed, and a property of the same name is none", () => {
    const text = `const own = { process: 1, Date: 2 }; own.process; own.performance;\n${Object.keys(banned).join(";\n")}`;
    const noticed = namesUsedIn(sourceFile("planted.ts", text)).filter(({ name }) =>
      Object.hasOwn(banned, name),
    );
    expect(noticed.map(({ name }) => name)).toEqual(Object.keys(banned));
  });

  /** ECMAScript leaves their last digit to the engine; Math.sqrt and whatever rounds are exact. */
  const inexact =
    "acos acosh asin asinh atan atan2 atanh cbrt cos cosh exp expm1 hypot log log10 log1p log2 pow sin sinh tan tanh"
      .split(" ")
      .map((name) => `Math.${name}`);

  test("elementary functions are those of @stdlib, which give the same bits on every engine", () => {
    const places = uses.filter(({ name }) => inexact.includes(name));
    expect(
      places.map(({ name, place }) => `${place}: ${name}; import it from @stdlib/math-base-special-...`),
    ).toEqual([]);
    expect(
      core.flatMap(powersIn).map((place) => `${place}: import pow from @stdlib/math-base-special-pow`),
    ).toEqual([]);
  });

  test("a power that is neither a square nor one of two would be noticed", () => {
    const text = "let a = 2 ** b + c ** 2;\na = c ** 3;\na **= 2;\na = 10 ** -b;\nMath.log(a);";
    const planted = sourceFile("planted.ts", text);
    expect(powersIn(planted)).toEqual(["planted.ts:2", "planted.ts:3", "planted.ts:4"]);
    expect(namesUsedIn(planted).filter(({ name }) => inexact.includes(name))).toHaveLength(1);
  });

  test("no Node built-ins: what needs them belongs in src/node", () => {
    expect(core.filter(({ text }) => /from "node:/.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

describe("size and form", () => {
  test(`files have at most ${MOST_FILE_LINES} lines: split by subject`, () => {
    const long = all.filter(({ text }) => text.split("\n").length - 1 > MOST_FILE_LINES);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  test(`functions have at most ${MOST_FUNCTION_LINES} lines: name a part of it`, () => {
    const long = all.flatMap(functionsOf).filter(({ lines }) => lines > MOST_FUNCTION_LINES);
    expect(long).toEqual([]);
  });

  test(`lines have at most ${MOST_COLUMNS} columns`, () => {
    const long = all.flatMap(({ path, text }) =>
      text.split("\n").flatMap((line, index) => (line.length > MOST_COLUMNS ? [`${path}:${index + 1}`] : [])),
    );
    expect(long).toEqual([]);
  });

  test("a file opens with a comment: what it does, and what it does not know", () => {
    expect(all.filter(({ text }) => !/^(#!.*\n)?\/\/ \S/.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test("nothing is left to do: finish it or open an issue", () => {
    expect(all.filter(({ text }) => /\b(FIXME|TODO|XXX)\b/.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

/** Projects that run in this process; in test/live others' programs take the time that they take. */
const TIMELESS = ["unit", "conformance", "law", "golden", "swarm", "theory"];
const CLOCK = /\bset(Timeout|Interval)\(|\bperformance\.now\(\)/;

test("no test looks at the clock, so that none is red on a fast or a slow machine: test/support/clock.ts", () => {
  expect(
    ["await setTimeout(600);", "while (performance.now() < end);"].every((line) => CLOCK.test(line)),
  ).toBe(true);
  const timed = TIMELESS.flatMap((project) => sourceFiles(`test/${project}`)).filter(
    ({ path, text }) => path !== "test/unit/tidy.test.ts" && CLOCK.test(text),
  );
  expect(timed.map(({ path }) => path)).toEqual([]);
});

test("every core file is imported by another one: delete what is not needed", () => {
  const imported = new Set(all.flatMap(importsOf));
  const dead = modules.filter(({ path }) => !ENTRIES.includes(path) && !imported.has(path));
  expect(dead.map(({ path }) => path)).toEqual([]);
});

/** Files without a test file of their own name, and the tests that hold them instead. */
const TESTED_ELSEWHERE: Readonly<Record<string, string>> = {
  "base/none.ts": "server/replica/kv/prefix-cache.test.ts",
  // Definitions of users' own are tested through the command line: as they are written, loaded, checked and run.
  "custom/": "node/commands/policy/commands.test.ts",
  "server/gateway/concurrency/custom-limit.ts": "node/commands/policy/commands.test.ts",
  "server/fleet/control/autoscalers/custom-autoscaler.ts": "node/commands/policy/commands.test.ts",
  "engine/world/custom-run.ts": "node/commands/policy/commands.test.ts",
  // What a contract is made of and tried with shows in what breaks it: test/conformance.
  "tools/contracts/": "node/commands/policy/commands.test.ts",
  // The parts of the schema and its checks are tested through the one way in, whole documents.
  "document/": "scenario/malformed.test.ts",
  "scenario/": "scenario/malformed.test.ts",
  "server/profile/file/": "server/profile/file/parse-profile.test.ts",
  // Beside its types only what gives a definition its type.
  "server/gateway/policies/policy.ts": "server/gateway/policies/registry.test.ts",
  "server/gateway/concurrency/limit.ts": "server/gateway/concurrency/registry.test.ts",
  "server/gateway/queue/rule.ts": "server/gateway/queue/registry.test.ts",
  // Each provider is data: its published texts, case by case.
  "server/gateway/providers/": "server/gateway/providers/registry.test.ts",
  "server/profile/kind.ts": "server/profile/kinds.test.ts",
  "server/replica/engine.ts": "server/replica/engines.test.ts",
  "server/replica/slots-engine.ts": "server/replica/engines.test.ts",
  "server/replica/batching/batching-engine.ts": "server/replica/engines.test.ts",
  // The half of a batching replica that changes nothing.
  "server/replica/batching/sequences-inside.ts": "server/replica/batching/batching-replica.test.ts",
  // Definitions of a few lines: what each says of one session.
  "server/gateway/cached/": "server/gateway/cached/registry.test.ts",
  "server/gateway/accounts/output-accounting.ts": "server/gateway/accounts/account-limits.test.ts",
  // Beside its types only what gives a definition its type.
  "server/fleet/control/autoscalers/autoscaler.ts": "server/fleet/control/autoscalers/registry.test.ts",
  "server/fleet/placement/": "server/fleet/placement.test.ts",
  // Parts of the service that show in what it tells.
  "server/service/refusals.ts": "server/service/service.test.ts",
  "server/service/settling.ts": "server/service/service.test.ts",
  // The half of a pool that has no queue.
  "server/fleet/pool-replicas.ts": "server/fleet/pool.test.ts",
  "base/instance-state.ts": "server/fleet/instance-life.test.ts",
  "base/run-event.ts": "results/shape/run-events.test.ts",
  // Kinds of faults, and whom they hit, in a server that is driven by hand.
  "server/fleet/faults/": "server/fleet/faults/registry.test.ts",
  "engine/world/build-faults.ts": "server/fleet/faults/registry.test.ts",
  // Types, and one plain value of them.
  "server/fleet/exact-time.ts": "server/fleet/state-times.test.ts",
  "engine/capacity-record.ts": "engine/recorder.test.ts",
  // What a world is built of shows when it runs.
  "engine/world/build-control.ts": "engine/elastic.test.ts",
  // Beside its types only a unit.
  "server/profile/step-profile.ts": "server/profile/build.test.ts",
  // The form, the checks and the regimes are tested through what fits and judges with them.
  "tools/calibration/": "tools/calibration/calibrate.test.ts",
  // The parts of the trace reader are tested through the reader.
  "text/": "demand/trace/read-trace.test.ts",
  "demand/trace/": "demand/trace/read-trace.test.ts",
  // What a client and a feature are made of, tested through the registry.
  "demand/clients/definition.ts": "demand/clients/registry.test.ts",
  "demand/clients/features.ts": "demand/clients/registry.test.ts",
  "demand/clients/settings.ts": "scenario/malformed.test.ts",
  // Types, and an empty call that the callers fill in.
  "api/wire.ts": "demand/callers/request-table.test.ts",
  // Types and one list of names, of which a run tells every one.
  "api/observer.ts": "engine/observer.test.ts",
  "demand/callers/event-kinds.ts": "server/service/event-kinds.test.ts",
  "demand/callers/request-lines.ts": "demand/callers/request-table.test.ts",
  "demand/callers/request-rows.ts": "demand/callers/request-table.test.ts",
  // What clients do about failures, and what is written down of it, shows in the life of requests.
  "demand/callers/tries.ts": "demand/callers/demand.test.ts",
  "demand/callers/books.ts": "demand/callers/demand.test.ts",
  // The two halves of a row and the windows on it, tested through the table.
  "server/attempts/stated/": "server/attempts/attempt-table.test.ts",
  "server/attempts/work.ts": "server/attempts/attempt-table.test.ts",
  // What both forms of a batching replica share, tested through them.
  "server/replica/batching/workspace.ts": "server/replica/batching/batching-replica.test.ts",
  "server/replica/batching/mixed-step.ts": "server/replica/batching/batching-replica.test.ts",
  "server/replica/batching/preemption-order.ts": "server/replica/batching/preemption.test.ts",
  "engine/world/build-trace-source.ts": "engine/world/build-sources.test.ts",
  // Writes what the trace commands write, and is tested through them.
  "tools/trace-generate/": "node/commands/trace/commands.test.ts",
  // The draws and states of a session, tested through the sessions of a whole population.
  "demand/traffic/sessions/": "demand/traffic/population/population.test.ts",
  "demand/traffic/replay/session-threads.ts": "demand/traffic/replay/session-replay.test.ts",
  "demand/traffic/application-prefixes.ts": "demand/traffic/open-loop.test.ts",
  // Beside its types only the empty arrival that sources fill in.
  "demand/traffic/source.ts": "demand/traffic/open-loop.test.ts",
  "demand/traffic/replay/row-contexts.ts": "demand/traffic/replay/trace-replay.test.ts",
  // Parts of the statistics and of the fit.
  "tools/trace-fit/": "tools/trace-fit/fit.test.ts",
  "results/shape/": "results/build/build.test.ts",
  // The rows of the tables are held by the law of pooling, by the results that are built from them and by what they
  // ask.
  "results/metrics/": "results/metrics/tier.test.ts",
  "random/distribution.ts": "random/continuous.test.ts",
  "random/parameter-issue.ts": "random/distribution-problems.test.ts",
  // The parts of the page are tested on the whole page.
  "report/html/": "report/html/page.test.ts",
  "report/text/": "report/text/text.test.ts",
};

describe("tests stand where the code stands", () => {
  const untested = modules
    .filter(hasRunTimeCode)
    .map(({ path }) => path.slice("src/core/".length))
    .filter(
      (path) =>
        !ENTRIES.includes(`src/core/${path}`) && !isThere(`test/unit/${path.replace(/\.ts$/, ".test.ts")}`),
    );
  const covers = (entry: string, path: string) =>
    path === entry || (entry.endsWith("/") && path.startsWith(entry));

  test("every file with run-time code has a test file of its name, or a named reason", () => {
    const entries = Object.keys(TESTED_ELSEWHERE);
    expect(untested.filter((path) => !entries.some((entry) => covers(entry, path)))).toEqual([]);
  });

  test.each(Object.entries(TESTED_ELSEWHERE))("%s is really tested elsewhere, in %s", (entry, elsewhere) => {
    expect(untested.filter((path) => covers(entry, path))).not.toEqual([]);
    expect(isThere(join("test/unit", elsewhere))).toBe(true);
  });
});
