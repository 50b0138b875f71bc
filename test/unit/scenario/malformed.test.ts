// One mistake at a time in a scenario that is right otherwise: its one issue, with place, words and hint.
import { expect, test } from "vitest";
import { problems, SMALL, withLine } from "./scenarios.js";

const append = (text: string) => `${SMALL}${text}\n`;
const batching = (rest: string) => withLine(7, `    replica: { engine: batching, ${rest} }`);
const admission = (rest: string) => withLine(6, `    replicas: 4\n    admission: { ${rest} }`);
const agents = (text: string) => withLine(13, `    arrivals: { process: poisson, rate: 10/s }\n    ${text}`);
const arrivals = (text: string) => withLine(13, `    arrivals: ${text}`);
const steps = (text: string) => arrivals(`{ process: poisson, phases: [${text}] }`);
/** A source with a workload: no input and output. Further keys are in line 14. */
const callers = (rest: string, more = "") => {
  const lines = withLine(
    13,
    `    arrivals: { workload: agentic, rate: 10/s${rest} }${more && `\n    ${more}`}`,
  );
  return lines.replace("    input: 800\n    output: 200\n", "");
};
const input = (text: string) => withLine(14, `    input: ${text}`);

const FAR_POOL = "  far: { replicas: 1, replica: { engine: slots, slots: 8, tokensPerSecond: 50 } }";

test("the scenario to be broken is right", () => {
  expect(problems(SMALL)).toEqual([]);
});

test.each<[string, string, RegExp]>([
  // The root.
  [
    "no version",
    withLine(1, "seed: 1"),
    /^small.yaml:1:1 schemaVersion: missing key "schemaVersion" \(write 1\)$/,
  ],
  [
    "another version",
    withLine(1, "schemaVersion: 2"),
    /^small.yaml:1:16 schemaVersion: .* 2 is not known.*write 1/,
  ],
  ["a list as root", "- a", /^small.yaml:1:1 a scenario is a map/],
  ["a word as root", "hello", /^small.yaml:1:1 a scenario is a map/],
  ["an unknown key", append("warmpu: 1m"), /:17:1 warmpu: unknown key "warmpu" \(did you mean "warmup"\?\)/],
  [
    "a key of an earlier version",
    append("check: { replications: 9 }"),
    /:17:10 check\.replications: unknown key "replications" \(it is "seeds" now\)$/,
  ],
  [
    "such a key beside others that bear it still",
    append("outages: [{ pool: shared, replicas: 1, from: 1m, for: 1m }]"),
    /:17:27 outages\.0\.replicas: unknown key "replicas" \(it is "instances" now\)$/,
  ],
  [
    "a key of an earlier version whose value had another form",
    withLine(6, "    replicas: 1\n    schedule: [{ at: 1m, replicas: 2 }]"),
    /:7:5 pools\.shared\.schedule: unknown key "schedule" \(it is "autoscaler" now, like \{algorithm: schedule, steps/,
  ],
  [
    "how old signals are by its former name",
    withLine(6, "    replicas: 1\n    signals: { staleness: 1s }"),
    /:7:16 pools\.shared\.signals\.staleness: unknown key "staleness" \(it is "period" now\)$/,
  ],
  [
    "the same of placement",
    withLine(6, "    replicas: 1\n    placement: { strategy: kv-headroom, signalAge: 1s }"),
    /:7:41 pools\.shared\.placement\.signalAge: .*it is "signals" now, like \{period: 100ms\}\)$/,
  ],
  [
    "copies that travel and are never taken",
    withLine(6, "    replicas: 1\n    signals: { age: 1s }"),
    /:7:14 pools\.shared\.signals: copies that travel or get lost have to be taken: give a period above 0s$/,
  ],
  [
    "readings that get lost and are never taken",
    withLine(6, "    replicas: 1\n    placement: { strategy: least-loaded, signals: { loss: 1% } }"),
    /:7:51 pools\.shared\.placement\.signals: .*give a period above 0s$/,
  ],
  [
    "more copies under way than are kept",
    withLine(6, "    replicas: 1\n    signals: { period: 1ms, age: 2s }"),
    /:7:34 pools\.shared\.signals\.age: at most 1000 copies may be under way at once: a longer period, or/,
  ],
  [
    "copies that never arrive",
    withLine(6, "    replicas: 1\n    signals: { period: 1s, loss: 100% }"),
    /:7:34 pools\.shared\.signals\.loss: .*99%/,
  ],
  ["such a key where it never was", append("replications: 9"), /unknown key "replications" \(known: /],
  ["a key like no other", append("zzzzzz: 1"), /:17:1 zzzzzz: unknown key "zzzzzz" \(known: name, /],
  ["capitals in the name", append("name: Fleet"), /:17:7 name: "Fleet" is not a name: lower-case/],
  ["a name that is no text", append("name: [a]"), /:17:7 name: expected a name as text, got a list/],
  ["a fraction as seed", append("seed: 1.5"), /:17:7 seed: 1.5 is not a seed/],
  ["a seed beyond doubles", append("seed: 12345678901234567890"), /:17:7 seed: .* is not a seed: write text/],
  [
    "a wrong unit",
    withLine(2, "duration: 10min"),
    /:2:11 duration: "10min" is not a duration: .*us, ms, s, m, h, d/,
  ],
  ["no unit", withLine(2, 'duration: "10"'), /:2:11 duration: "10" is not a duration/],
  ["a negative duration", withLine(2, "duration: -5"), /:2:11 duration: -5 is not a duration/],
  [
    "a duration of nothing",
    withLine(2, "duration: 0s"),
    /:2:11 duration: "0s" is out of range: .* more than 0s/,
  ],
  ["a key without value", withLine(2, "duration:"), /:2:10 duration: has no value/],
  ["no end", withLine(2, "seed: 1"), /:1:1 duration: missing key "duration": source "agents" never ends/],
  [
    "a check within the warmup",
    append("warmup: 60\ncheck: { duration: 1m }"),
    /:18:20 check\.duration: check must run for longer than the warm-up \(1m\)/,
  ],
  [
    "a worst run that sheds nothing",
    append("check: { worstRun: 0% }"),
    /:17:20 check\.worstRun: "0%" is out of range: .*more than 0%/,
  ],
  [
    "a warmup that is all",
    append("warmup: 600"),
    /:17:9 warmup: warmup must be shorter than duration \(10m\)/,
  ],
  ["text for a switch", append("drain: yes"), /:17:8 drain: expected true or false, got "yes"/],
  [
    "a bin too small",
    append("sampling: { interval: 10us }"),
    /:17:23 sampling.interval: .* at least 1ms|from 1ms/,
  ],
  [
    "too many bins",
    withLine(2, "duration: 5d\nsampling: { interval: 1ms }"),
    /:3:23 .*more than 10000000 bins/,
  ],
  // The fleet.
  ["no fleet", withLine(3, "seed: 1"), /:1:1 inventory: missing key "inventory"/],
  [
    "too few GPUs",
    withLine(3, "inventory: { gpus: 3 }"),
    /:3:20 inventory.gpus: the pools need 4 GPUs, .* has 3/,
  ],
  [
    "no replicas",
    withLine(6, "    replicas: -1"),
    /:6:15 pools.shared.replicas: -1 is out of range: .*from 0 to 100000/,
  ],
  [
    "an unknown engine",
    withLine(7, "    replica: { engine: slot }"),
    /:7:24 .*engine: "slot" is not batching or slots \(did you mean "slots"\?\)/,
  ],
  [
    "no engine",
    withLine(7, "    replica: { slots: 8 }"),
    /:7:5 .*engine: missing key "engine" \(write batching or slots\)/,
  ],
  ["no replica", withLine(7, "    discipline: fifo"), /:5:3 pools.shared.replica: missing key "replica"/],
  [
    "an unknown profile",
    batching("profile: llama-3.1-8b-h10, maxSequences: 1, kvTokens: 1"),
    /:7:43 .*profile: .*did you mean "llama-3.1-8b-h100"/,
  ],
  [
    "half a profile",
    batching("profile: { base: 1ms, perSequence: 1us, perContextToken: 0 }, maxSequences: 1, kvTokens: 1"),
    /:7:34 .*profile.perPrefillToken: missing key/,
  ],
  [
    "a profile of the wrong kind",
    batching("profile: 3, maxSequences: 1, kvTokens: 1"),
    /:7:43 .*profile: 3 is not llama/,
  ],
  [
    "half a token",
    batching("profile: llama-3.1-8b-h100, maxSequences: 1, kvTokens: 1.5"),
    /:7:89 .*kvTokens: 1.5 is not a whole number/,
  ],
  [
    "an unknown discipline",
    withLine(6, "    replicas: 4\n    discipline: lifo"),
    /:7:17 .*"lifo" is not priority, fifo, .* or apf \(did you mean "fifo"/,
  ],
  [
    "a deadline for a path that is not there",
    withLine(6, "    replicas: 4\n    discipline: { rule: edf, deadlines: { priority: 1s, standrad: 5s } }"),
    /:7:57 .*deadlines.standrad: there is no path "standrad" \(did you mean "standard"/,
  ],
  [
    "a hand larger than the deck",
    withLine(6, "    replicas: 4\n    discipline: { rule: apf, queues: 4, handSize: 8 }"),
    /:7:51 .*handSize: a hand of 8 cannot be dealt from 4 queues/,
  ],
  [
    "a deck smaller than the hand that is the default",
    withLine(6, "    replicas: 4\n    discipline: { rule: apf, queues: 4 }"),
    /:7:5 .*handSize: a hand of 8 cannot be dealt from 4 queues$/,
  ],
  [
    "a limit that would begin below its least",
    withLine(6, "    replicas: 4\n    concurrency: { limit: aimd, least: 300 }"),
    /:7:5 .*initial: initial is from least \(300\) to most \(200\)$/,
  ],
  [
    "an unknown concurrency limit",
    withLine(6, "    replicas: 4\n    concurrency: fix"),
    /:7:18 .*concurrency: "fix" is not none, fixed, aimd, vegas, gradient2, pid or predictive \(did you mean "fixed"/,
  ],
  [
    "a limit that begins outside its bounds",
    withLine(6, "    replicas: 4\n    concurrency: { limit: aimd, initial: 10, least: 20 }"),
    /:7:42 .*concurrency.initial: initial is from least \(20\) to most \(200\)/,
  ],
  [
    "an unknown policy",
    admission("policy: taildrop"),
    /:7:26 .*policy: "taildrop" is not .*did you mean "tail-drop"/,
  ],
  ["a key of another policy", admission("policy: tail-drop, reserve: {}"), /:7:37 .*unknown key "reserve"/],
  [
    "a queue like no number",
    admission("policy: none, maxQueue: unlimitd"),
    /:7:42 .*"unlimitd" is not unlimited \(did you mean "unlimited"/,
  ],
  [
    "a reserve of everything",
    admission("policy: trunk-reservation, reserve: { standard: 100% }"),
    /:7:66 .*reserve.standard: "100%" is out of range: .*less than 100%/,
  ],
  [
    "a reserve for a path that is not there",
    admission("policy: trunk-reservation, reserve: { standrad: 1% }"),
    /:7:56 .*there is no path "standrad" \(did you mean "standard"/,
  ],
  [
    "a sheddable path that is not there",
    admission("policy: saturation, sheddable: [priority, standrad]"),
    /:7:60 .*sheddable.1: there is no path "standrad" \(did you mean "standard"/,
  ],
  [
    "no pools",
    SMALL.replace(/pools:.*paths:/s, "pools: {}\npaths:"),
    /:4:8 pools: at least one pool is needed/,
  ],
  [
    "a pool name with a space",
    append("outages: [{ pool: a b, from: 0, for: 1 }]"),
    /:17:19 outages.0.pool: "a b" is not a name/,
  ],
  [
    "a pool name without a letter, which would change places in results",
    append("outages: [{ pool: 20-24, from: 0, for: 1 }]"),
    /:17:19 outages.0.pool: "20-24" is not a name: .*one letter at least/,
  ],
  [
    "a path name without a letter",
    append("").replace("  priority:", "  '7': { model: n, pool: shared, rank: 1 }\n  priority:"),
    /:10:3 paths.7: "7" is not a name: .*one letter at least/,
  ],
  [
    "a reserve for a path of another pool",
    admission("policy: trunk-reservation, reserve: { far: 1% }")
      .replace("gpus: 4", "gpus: 5")
      .replace("paths:", `${FAR_POOL}\npaths:\n  far: { model: n, pool: far, rank: 1 }`),
    /:7:56 .*reserve.far: path "far" is not served by this pool but by "far"/,
  ],
  // Paths.
  [
    "an unknown pool",
    withLine(9, "  standard: { model: m, pool: shraed, rank: 1 }"),
    /:9:31 paths.standard.pool: there is no pool "shraed" \(did you mean "shared"/,
  ],
  [
    "no rank",
    withLine(9, "  standard: { model: m, pool: shared }"),
    /:9:3 paths.standard.rank: missing key "rank"/,
  ],
  [
    "an unknown price list",
    withLine(9, "  standard: { model: m, pool: shared, rank: 1, price: { preset: kimi } }"),
    /:9:65 .*did you mean "kimi-k2p6"/,
  ],
  [
    "a negative price",
    withLine(
      9,
      "  standard: { model: m, pool: shared, rank: 1, price: { input: -1, cached: 0, output: 0 } }",
    ),
    /:9:64 .*-1 is out of range/,
  ],
  [
    "two paths alike",
    withLine(10, "  priority: { model: m, pool: shared, rank: 0 }"),
    /:10:3 paths.priority: same model and tier as path "standard"/,
  ],
  [
    "a path name with a plus",
    append("").replace("  priority:", "  a+b: { model: n, pool: shared, rank: 1 }\n  priority:"),
    /:10:3 paths.a\+b: "a\+b" is not a name/,
  ],
  // Limits and refusals.
  [
    "an unknown limit preset",
    append("limits: { preset: fireworks-strat }"),
    /:17:19 limits.preset: .*did you mean "fireworks-start"/,
  ],
  [
    "a rate with a wrong unit",
    append("limits: { requests: 6000/mn }"),
    /:17:21 limits.requests: "6000\/mn" is not a rate: .*\/s, \/min, \/h, \/d/,
  ],
  [
    "an unknown key of a limit",
    append("limits: { promptTokens: { rate: 1, brust: 2 } }"),
    /:17:36 limits.promptTokens.brust: .*did you mean "burst"/,
  ],
  [
    "no expected output",
    append("limits: { generatedTokens: 5k/min, outputAccounting: reserve-expected }"),
    /:17:1 limits.expectedOutput: missing key "expectedOutput"/,
  ],
  [
    "a useless expected output",
    append("limits: { expectedOutput: 9 }"),
    /:17:11 limits.expectedOutput: only outputAccounting: reserve-expected/,
  ],
  [
    "an expected output that no burst holds",
    append(
      "limits: { generatedTokens: 1k/min, burst: 30s, outputAccounting: reserve-expected, expectedOutput: 501 }",
    ),
    /:17:100 limits.expectedOutput: .* charges 501 at once, more than the burst of generatedTokens \(500\) ever holds/,
  ],
  [
    "a stated output that no burst holds",
    agents("maxOutput: 60001").concat(
      "limits: { generatedTokens: 60k/min, outputAccounting: reserve-max }\n",
    ),
    /:14:16 traffic.agents.maxOutput: .* charges 60001 at once, .*\(60000\) ever holds: every request would get a 429/,
  ],
  [
    "a default output that no burst holds, at its source",
    append("limits: { generatedTokens: 1k/min, outputAccounting: reserve-max }"),
    /:12:3 traffic.agents.maxOutput: .* charges 32000 at once/,
  ],
  [
    "a retry-after of a minute",
    append("retryAfter: { overloaded: 60s }"),
    /:17:27 .*"60s" is out of range: .*more than 0s and less than 1m/,
  ],
  [
    "a retry-after of zero",
    append("retryAfter: { rateLimited: 0 }"),
    /:17:28 .*0 is out of range: .*more than 0s/,
  ],
  [
    "an estimate of nothing",
    append("retryAfter: { overloaded: soon }"),
    /:17:27 .*expected "none" or a duration, got "soon"/,
  ],
  [
    "an outage of no pool",
    append("outages: [{ pool: fast, from: 0, for: 1s }]"),
    /:17:19 outages.0.pool: there is no pool "fast" \(known: shared\)/,
  ],
  [
    "an outage without length",
    append("outages: [{ pool: shared, from: 0 }]"),
    /:17:11 outages.0.for: missing key "for"/,
  ],
  // Traffic.
  ["no arrivals", withLine(13, ""), /:12:3 traffic.agents.arrivals: missing key "arrivals"/],
  [
    "no process",
    withLine(13, "    arrivals: { rate: 1/s }"),
    /:13:5 .*process: missing key "process" \(write poisson, gamma, constant or closed\)/,
  ],
  [
    "an unknown process",
    withLine(13, "    arrivals: { process: gama, rate: 1/s, cv: 2 }"),
    /:13:26 .*"gama" is not poisson, gamma, constant or closed \(did you mean "gamma"/,
  ],
  [
    "a key of another process",
    withLine(13, "    arrivals: { process: poisson, rate: 1/s, cv: 2 }"),
    /:13:46 .*unknown key "cv"/,
  ],
  [
    "a process and a trace",
    withLine(13, "    arrivals: { process: poisson, rate: 1/s, trace: a.csv }"),
    /:13:46 .*"trace" does not go with "process" or "rate" \(write one or the other/,
  ],
  [
    "too many arrivals",
    withLine(13, "    arrivals: { process: poisson, rate: 2M/s }"),
    /:13:41 .*"2M\/s" is out of range/,
  ],
  [
    "arrivals that never come",
    withLine(13, "    arrivals: { process: poisson, rate: 0.00000003/min }"),
    /:13:41 .*rate: .* is out of range/,
  ],
  [
    "gaps that hardly vary",
    withLine(13, "    arrivals: { process: gamma, rate: 1/s, cv: 0.0009 }"),
    /:13:48 .*cv: 0.0009 is out of range: .*from 0.001 to 100/,
  ],
  [
    "too many arrivals together",
    append(
      "  more: { arrivals: { process: poisson, rate: 1M/s }, input: 1, output: 1, mix: { standard: 1 } }",
    ),
    /:11:1 traffic: 1000010 arrivals a second in all/,
  ],
  ["no input", withLine(14, ""), /:12:3 traffic.agents.input: missing key "input"/],
  [
    "token counts beside a trace",
    withLine(13, "    arrivals: { trace: a.csv }").replace("    output: 200\n", ""),
    /:14:5 traffic.agents.input: .* come from the trace: remove "input"/,
  ],
  ["no accounts", agents("accounts: { count: 0 }"), /:14:24 .*count: 0 is out of range: .*from 1 to 1000000/],
  ["a share above one", agents("cached: 60"), /:14:13 .*cached: 60 is not a share: write a percentage/],
  ["an infinite share", agents("cached: .inf"), /:14:13 .*cached: ".inf" is not a finite number/],
  [
    "shares beyond 100%",
    withLine(16, "    mix: { standard: 90%, priority: 20% }"),
    /:16:5 .*mix: the shares sum to 110%, not to 100%/,
  ],
  [
    "a path that is not there",
    withLine(16, "    mix: { standard: 90%, priorty: 10% }"),
    /:16:27 .*there is no path "priorty" \(did you mean "priority"/,
  ],
  [
    "a tier that is not there",
    withLine(16, "    mix: { priority+standard: 100% }"),
    /:16:12 .*path "standard" has no service tier/,
  ],
  [
    "a mix of three",
    withLine(16, "    mix: { a+b+c: 100% }"),
    /:16:12 .*"a\+b\+c" is neither a path nor two/,
  ],
  ["an empty mix", withLine(16, "    mix: {}"), /:16:10 .*mix: at least one path is needed/],
  // Arrivals: rates that change, and workloads.
  ["arrivals that are a word", arrivals("agentic"), /:13:15 .*expected arrivals like .*, got "agentic"/],
  ["no rate", arrivals("{ process: poisson }"), /:13:15 .*need a "rate" or "phases", and not both/],
  [
    "a rate and phases",
    arrivals("{ process: poisson, rate: 1/s, phases: [{ duration: 1s, arrivalRate: 1 }] }"),
    /:13:15 .*need a "rate" or "phases", and not both/,
  ],
  ["no cv", arrivals("{ process: gamma, rate: 1/s }"), /:13:5 .*missing key "cv"/],
  ["a phase without duration", steps("{ arrivalRate: 5 }"), /:13:44 .*phases.0.duration: missing key/],
  ["a phase without rate", steps("{ duration: 5s }"), /:13:44 .*phases.0.arrivalRate: missing key/],
  [
    "a pause with a rate",
    steps("{ duration: 1s, arrivalRate: 1 }, { pause: 5s, rampTo: 1 }"),
    /:13:91 .*phases.1.rampTo: unknown key "rampTo"/,
  ],
  ["a phase that is a number", steps("5"), /:13:44 .*phases.0: expected a phase like .*, got 5/],
  ["a pause of nothing", steps("{ pause: 0s }"), /:13:53 .*pause: "0s" is out of range: .*more than 0s/],
  ["phases without a single one", steps(""), /:13:43 .*phases: the list is empty/],
  [
    "nothing but pauses",
    steps("{ pause: 5s }"),
    /:13:43 .*phases: nothing ever arrives: give one phase a rate/,
  ],
  [
    "a single rate repeated",
    arrivals("{ process: poisson, rate: 1, repeat: true }"),
    /:13:52 .*repeat: only phases can be repeated/,
  ],
  [
    "an unknown day",
    arrivals("{ process: poisson, rate: 1, shape: { daily: ofice } }"),
    /:13:60 .*daily: "ofice" is not flat, alibaba or office \(did you mean "office"/,
  ],
  [
    "a day of two hours",
    arrivals("{ process: poisson, rate: 1, shape: { daily: [1, 2] } }"),
    /:13:60 .*daily: 24 factors are needed, one for each/,
  ],
  [
    "a week without a day",
    arrivals("{ process: poisson, rate: 1, shape: { weekly: [0, 0, 0, 0, 0, 0, 0] } }"),
    /:13:61 .*weekly: one factor at least must be above 0/,
  ],
  [
    "an unknown workload",
    arrivals("{ workload: agntic, rate: 10/s }").replace("    input: 800\n    output: 200\n", ""),
    /:13:27 .*workload: "agntic" is not steady, .* or fan-out \(did you mean "agentic"/,
  ],
  [
    "a workload without rate",
    arrivals("{ workload: agentic }").replace("    input: 800\n    output: 200\n", ""),
    /:13:5 .*rate: missing key "rate"/,
  ],
  [
    "a workload and a process",
    callers(", process: poisson"),
    /:13:17 .*"workload" does not go with "process" \(write one or the other/,
  ],
  [
    "a workload with phases",
    callers(", phases: []"),
    /:13:48 .*unknown key "phases" \(known: shape, swings,/,
  ],
  ["a swing too large", callers(", swings: [{ sigma: 9, tau: 1s }]"), /:13:66 .*sigma: 9 is out of range/],
  [
    "swings without end",
    callers(`, swings: [${"{ sigma: 1, tau: 1s },".repeat(5)}]`),
    /:13:56 .*longer than 4/,
  ],
  [
    "half an on and off",
    callers(", onOff: { on: 1s, off: 2s }"),
    /:13:48 .*onOff.share: missing key "share"/,
  ],
  [
    "a rush the wrong way round",
    callers(", flash: { from: 9, to: 4 }"),
    /:13:55 .*"from" must not be above "to"/,
  ],
  [
    "token counts beside a workload",
    callers("", "input: 800"),
    /:14:5 .*come from the workload: remove "input"/,
  ],
  [
    "a stretch before the start, which earlier versions had",
    callers("", "ahead: 2h"),
    /:14:5 .*as if it had always been there.*: remove "ahead"/,
  ],
  ["a prefix beside a workload", callers("", "prefix: { tokens: 9 }"), /:14:5 .*its own: remove "prefix"/],
  ["a cached share beside a workload", callers("", "cached: 50%"), /:14:5 .*its own: remove "cached"/],
  [
    "more accounts than a workload can have",
    callers("", "accounts: { count: 20001 }"),
    /:14:24 .*count: a workload's accounts are at most 20000/,
  ],
  [
    "a key of workloads without one",
    agents("mixBy: session"),
    /:14:5 .*only arrivals with a workload .*remove "mixBy"/,
  ],
  [
    "sessions without a workload",
    agents("agent: { abandon: 0 }"),
    /:14:5 .*with a workload .*remove "agent"/,
  ],
  ["kinds that leave some over", callers("", "archetypes: { agent: 50% }"), /:14:17 .*do not sum to 100%/],
  ["an unknown mixBy", callers("", "mixBy: sesion"), /:14:12 .*did you mean "session"/],
  ["an unknown key of agents", callers("", "agent: { turn: {} }"), /:14:14 .*did you mean "turns"/],
  [
    "weights that leave some over",
    callers("", "agent: { first: [{ weight: 50%, mu: 1, sigma: 1 }] }"),
    /:14:21 .*agent.first: the weights sum to 0.5, not to 1/,
  ],
  [
    "counts of agents that leave some over",
    callers("", "agent: { subAgents: { counts: [0.5, 0.2] } }"),
    /:14:35 .*counts: the weights sum to 0.7, not to 1/,
  ],
  [
    "a bust the wrong way round",
    callers("", "agent: { bust: { keepFrom: 90%, keepTo: 10% } }"),
    /:14:20 .*bust: "keepFrom" must not be above "keepTo"/,
  ],
  [
    "an unknown path of sub-agents",
    callers("", "subAgentMix: { standrad: 100% }"),
    /:14:20 .*subAgentMix.standrad: there is no path .*did you mean "standard"/,
  ],
  [
    "shares of sub-agents that leave some over",
    callers("", "subAgentMix: { standard: 50% }"),
    /:14:5 .*subAgentMix: the shares sum to 50%/,
  ],
  // Clients.
  ["an unknown client", agents("client: openai"), /:14:13 .*client: .*did you mean "openai-node-6"/],
  [
    "an unknown key of a client",
    agents("client: { preset: none, retries: 2 }"),
    /:14:29 .*unknown key "retries"/,
  ],
  ["a client of no kind", agents("client: { maxRetries: 3 }"), /:14:13 .*"preset" or a "stack" .*not both/],
  [
    "a client of two kinds",
    agents("client: { preset: naive, stack: [naive] }"),
    /:14:13 .*"preset" or a "stack" .*not both/,
  ],
  ["a stack of four", agents("client: { stack: [none, none, none, none] }"), /:14:22 .*stack: longer than 3/],
  [
    "a stack of an unknown one",
    agents("client: { stack: [naive, nave] }"),
    /:14:30 .*stack.1: .*mean "naive"/,
  ],
  [
    "sessions of a trace that never come",
    arrivals("{ trace: t, format: weka, sessionStarts: { rate: 1.0e-31 } }").replace(
      "    input: 800\n    output: 200\n",
      "",
    ),
    /:13:64 .*sessionStarts.rate: 1e-31 is out of range: it must be from 1e-9/,
  ],
  [
    "an option of another format",
    arrivals("{ trace: t, format: azure-llm, apiScale: 2 }").replace("    input: 800\n    output: 200\n", ""),
    /:13:56 .*arrivals.apiScale: an option of weka only/,
  ],
  [
    "an option of another client",
    agents("client: { preset: naive, delay: 1s }"),
    /:14:37 .*client.delay: an option of fixed, exponential, full-jitter, decorrelated only/,
  ],
  [
    "an option that no client of a stack has",
    agents("client: { stack: [naive, fixed], deployments: 2 }"),
    /:14:51 .*client.deployments: an option of litellm-router only/,
  ],
  [
    "clients without shares",
    agents("client: [naive]"),
    /:14:14 .*client.0: expected a client with its share, like .*, got "naive"/,
  ],
  [
    "a client without its share",
    agents("client: [{ preset: naive }]"),
    /:14:14 .*client.0.share: missing key/,
  ],
  [
    "clients that leave some accounts over",
    agents("client: [{ share: 50%, preset: naive }, { share: 20%, preset: none }]"),
    /:14:13 .*the shares of the clients sum to 70%, not to 100%/,
  ],
  ["a share of one client", agents("client: { preset: naive, share: 1 }"), /:14:30 .*unknown key "share"/],
  [
    "a budget below zero",
    agents("client: { preset: naive, budget: { ratio: -1 } }"),
    /:14:47 .*out of range/,
  ],
  [
    "a breaker of 50",
    agents("client: { preset: naive, breaker: { failures: 50 } }"),
    /:14:51 .*failures: 50 is not a share/,
  ],
  [
    "a throttle below one",
    agents("client: { preset: naive, throttle: { k: 0.5 } }"),
    /:14:45 .*k: 0.5 is out of/,
  ],
  [
    "an unknown end of a timeout",
    agents("client: { preset: naive, onTimeout: cancle }"),
    /:14:41 .*onTimeout: "cancle" is not cancel or abandon \(did you mean "cancel"/,
  ],
  [
    "a fallback to nowhere",
    agents("fallback: [priorty]"),
    /:14:16 .*fallback.0: there is no path .*mean "priority"/,
  ],
  ["a fallback that is no list", agents("fallback: priority"), /:14:15 .*fallback: expected a list/],
  // Distributions.
  [
    "a distribution of the wrong kind",
    input("[1, 2]"),
    /:14:12 .*expected a number of tokens, or a distribution .*, got a list/,
  ],
  ["an unknown distribution", input("{ dist: lognorml, median: 8 }"), /:14:20 .*did you mean "lognormal"/],
  [
    "two centres",
    input("{ dist: lognormal, sigma: 1, mean: 8, mu: 1 }"),
    /:14:12 .*exactly one of mean, median and mu/,
  ],
  [
    "weights that do not match",
    input("{ dist: empirical, values: [1, 2], weights: [1] }"),
    /:14:12 .*weights must be as many as values/,
  ],
  ["no values", input("{ dist: empirical, values: [] }"), /:14:39 .*values: the list is empty/],
  [
    "a part without weight",
    input("{ dist: mixture, of: [{ dist: constant, value: 1 }] }"),
    /:14:34 .*of.0.weight: missing key "weight"/,
  ],
  [
    "a mixture in a mixture",
    input("{ dist: mixture, of: [{ weight: 1, dist: mixture, of: [] }] }"),
    /:14:53 .*"mixture" is not constant, /,
  ],
  [
    "a mean of zero tokens",
    input("{ dist: exponential, mean: 0 }"),
    /:14:39 .*mean: 0 is out of range: .*more than 0/,
  ],
  [
    "lengths that hardly vary",
    input("{ dist: gamma, mean: 8, cv: 0.0009 }"),
    /:14:40 .*cv: 0.0009 is out of range: .*from 0.001 to 100/,
  ],
  [
    "a tail beyond doubles",
    input("{ dist: pareto, minimum: 8, shape: 0.05 }"),
    /:14:47 .*shape: 0.05 is out of range: .*from 0.1 to 100/,
  ],
  [
    "weights of nothing",
    input("{ dist: empirical, values: [1, 2], weights: [0, 0] }"),
    /:14:12 .*one of them more than 0/,
  ],
  // Unions of maps, and of a word and a map.
  [
    "a slip of the key by which a detour is told",
    withLine(
      9,
      "  standard: { model: m, pool: shared, rank: 1, instead: [{ spil: shared, on: [overload] }] }",
    ),
    /:9:60 .*instead.0.spil: unknown key "spil" \(did you mean "spill"\?\)$/,
  ],
  [
    "a slip of a key by which definitions are told",
    admission("polcy: codel, maxQueue: 9"),
    /:7:18 .*admission.polcy: unknown key "polcy" \(did you mean "policy"\?\)$/,
  ],
  [
    "the same, beside keys of other definitions",
    arrivals("{ worklod: agentic, rate: 10/s }"),
    /:13:17 .*arrivals.worklod: unknown key "worklod" \(did you mean "workload"\?\)$/,
  ],
  [
    "GPUs and nodes",
    withLine(3, "inventory: { gpus: 4, nodes: { h: { count: 1 } } }"),
    /:3:23 inventory.nodes: "nodes" does not go with "gpus" \(write one or the other, not both\)/,
  ],
  [
    "a ninth decile below the median",
    withLine(6, "    replicas: 4\n    coldStart: { preset: warm, init: { median: 60s, p90: 30s } }"),
    /:7:58 .*init.p90: must be longer than the median/,
  ],
  [
    "a ninth decile and a mean",
    withLine(6, "    replicas: 4\n    coldStart: { preset: warm, init: { median: 1s, p90: 3s, mean: 2s } }"),
    /:7:61 .*init.mean: "mean" does not go with "p90"/,
  ],
  [
    "a rate limit that is a number",
    withLine(6, "    replicas: 4\n    autoscaler: { algorithm: hpa, upRate: 4 }"),
    /:7:43 .*upRate: expected unlimited, or a limit like \{replicas: 4, times: 1, per: 15s\}, got 4/,
  ],
  [
    "a target of utilization that is no share",
    withLine(6, "    replicas: 4\n    autoscaler: { algorithm: hpa, targets: { utilization: 70 } }"),
    /:7:59 .*targets.utilization: 70 is not a share: write a percentage/,
  ],
  [
    "a target of slots above all of them",
    withLine(6, "    replicas: 4\n    autoscaler: { algorithm: hpa, targets: { utilization: 101% } }"),
    /:7:59 .*targets.utilization: "101%" is out of range: it must be from 0.0001% to 100%/,
  ],
  [
    "bounds by the names that Kubernetes has for them",
    withLine(6, "    replicas: 4\n    autoscaler: { algorithm: hpa, minReplicas: 1 }"),
    /:7:35 .*unknown key "minReplicas" \(did you mean "min"\?\)/,
  ],
  // Thresholds.
  [
    "a threshold that is no text",
    append("thresholds: { a: 3 }"),
    /:17:18 thresholds.a: expected an expression like/,
  ],
  ["no thresholds in a list", append("thresholds: { a: [] }"), /:17:18 thresholds.a: the list is empty/],
  [
    "an unknown option of a threshold",
    append('thresholds: { attempts: [{ threshold: "count<1", allowNodata: true }] }'),
    /:17:50 .*did you mean "allowNoData"/,
  ],
])("%s", (_, text, problem) => {
  expect(problems(text)).toEqual([expect.stringMatching(problem)]);
});

test("all mistakes are told at once, in reading order", () => {
  const text = SMALL.replace("10m", "10mins")
    .replace("gpus: 4", "gpus: 1")
    .replace("tokensPerSecond", "tokenPerSecond")
    .replace("pool: shared, rank: 1", "pool: sharde, rank: 1")
    .replace("priority: 10%", "priority: 20%");
  expect(problems(text)).toEqual([
    expect.stringMatching(/^small.yaml:2:11 duration: "10mins" is not a duration/),
    expect.stringMatching(/^small.yaml:3:20 inventory.gpus: the pools need 4 GPUs/),
    expect.stringMatching(/^small.yaml:7:41 .*unknown key "tokenPerSecond" \(did you mean "tokensPerSecond"/),
    expect.stringMatching(/^small.yaml:9:31 paths.standard.pool: there is no pool "sharde"/),
    expect.stringMatching(/^small.yaml:16:5 traffic.agents.mix: the shares sum to 110%/),
  ]);
});

test("mistakes of callers and clients are told at once as well", () => {
  const text = callers(
    ", swings: [{ sigma: 9 }], cv: 0",
    "mixBy: x\n    agent: { abandon: 2 }\n    client: [{ share: 1, preset: nave, timeot: 1s }]\n    fallback: [far]",
  );
  const places = problems(text).map((problem) => problem.match(/^small.yaml:(\d+:\d+ \S+):/)?.[1]);
  expect(places).toEqual([
    "13:57 traffic.agents.arrivals.swings.0.tau",
    "13:66 traffic.agents.arrivals.swings.0.sigma",
    "13:76 traffic.agents.arrivals.cv",
    "14:12 traffic.agents.mixBy",
    "15:23 traffic.agents.agent.abandon",
    "16:34 traffic.agents.client.0.preset",
    "16:40 traffic.agents.client.0.timeot",
    "17:16 traffic.agents.fallback.0",
  ]);
});

test("references are checked even where the rest is malformed", () => {
  const text = SMALL.replace("replicas: 4", "replicas: many").replace(
    "{ standard: 90%, ",
    "{ standrad: 90%, ",
  );
  expect(problems(text)).toEqual([
    expect.stringMatching(/^small.yaml:6:15 pools.shared.replicas: "many" is not a whole number/),
    expect.stringMatching(/^small.yaml:16:12 traffic.agents.mix.standrad: there is no path "standrad"/),
  ]);
});

test("a duplicate key does not hide the other mistakes", () => {
  expect(problems(append("warmup: 1s\nwarmup: 2s\nseed: {}"))).toEqual([
    'small.yaml:18:1 warmup: duplicate key "warmup" (the first is in line 17)',
    expect.stringMatching(/^small.yaml:19:7 seed: a map is not a seed/),
  ]);
});
