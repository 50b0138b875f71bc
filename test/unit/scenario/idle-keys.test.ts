// Keys that a scenario states and that count for nothing beside what else it states: each is refused, and right where
// it counts.
import { expect, test } from "vitest";
import { problems, SMALL, withLine } from "./scenarios.js";

const pool = (text: string) => withLine(6, `    replicas: 4\n    ${text}`);
const admission = (rest: string) => pool(`admission: { ${rest} }`);
const limits = (text: string) => `${SMALL}limits: ${text}\n`;

const cached = (replica: string, source: string) =>
  withLine(
    7,
    `    replica: { engine: batching, profile: llama-3.1-8b-h100, maxSequences: 8, kvTokens: 400k, ${replica} }`,
  ).replace("    input: 800", `    input: 800\n    ${source}`);

const PERIOD = "signals: { period: 1s }";

test.each<[key: string, idle: string, problem: RegExp, inUse: string]>([
  ...["least-loaded", "power-of-two"].map((strategy): [string, string, RegExp, string] => [
    `countSent of ${strategy}`,
    pool(`placement: { strategy: ${strategy}, countSent: false }`),
    /placement.countSent: only signals with a period above 0s use this$/,
    pool(`placement: { strategy: ${strategy}, countSent: false, ${PERIOD} }`),
  ]),
  ...["prefix-aware", "kv-headroom"].map((strategy): [string, string, RegExp, string] => [
    `countSent of ${strategy}`,
    pool(`placement: { strategy: ${strategy}, countSent: false, signals: { period: 0s } }`),
    /placement.countSent: only signals with a period above 0s use this$/,
    pool(`placement: { strategy: ${strategy}, countSent: false }`),
  ]),
  [
    "timeout of a rule that drops none",
    pool("discipline: { rule: adaptive-lifo, timeout: 1s }"),
    /:7:40 .*discipline.timeout: only dropLate: true uses this$/,
    pool("discipline: { rule: adaptive-lifo, timeout: 1s, dropLate: true }"),
  ],
  ...["saturation", "probabilistic-admitter"].map((policy): [string, string, RegExp, string] => [
    `sheddable of ${policy}, of none`,
    admission(`policy: ${policy}, sheddable: []`),
    /admission.sheddable: the list is empty$/,
    admission(`policy: ${policy}, sheddable: [priority]`),
  ]),
  [
    "a sheddable path that stands there twice",
    admission("policy: saturation, sheddable: [standard, standard]"),
    /:7:60 .*sheddable.1: "standard" stands here twice$/,
    admission("policy: saturation, sheddable: [standard, priority]"),
  ],
  [
    "the same in a policy of several",
    admission("policy: any-of, of: [{ policy: saturation, sheddable: [standard, standard] }]"),
    /of.0.sheddable.1: "standard" stands here twice$/,
    admission("policy: any-of, of: [{ policy: saturation, sheddable: [standard] }]"),
  ],
  ...(
    [
      ["codel", "targetFactor", "2"],
      ["partition", "shares", "10%"],
      ["ramp", "from", "10%"],
    ] as const
  ).map(([policy, key, value]): [string, string, RegExp, string] => [
    `${key} of no path`,
    admission(`policy: ${policy}, ${key}: {}`),
    new RegExp(`admission.${key}: names no path: name one, or remove the key$`),
    admission(`policy: ${policy}, ${key}: { standard: ${value} }`),
  ]),
  [
    "deadlines of no path",
    pool("discipline: { rule: edf, deadlines: {} }"),
    /discipline.deadlines: names no path: name one, or remove the key$/,
    pool("discipline: { rule: edf, deadlines: { standard: 1s } }"),
  ],
  [
    "how long answers take, where only what generates now counts",
    pool("concurrency: { limit: predictive, predictor: current, answer: 5s }"),
    /:7:\d+ .*concurrency.answer: only predictor: predicted uses this$/,
    pool("concurrency: { limit: predictive, answer: 5s }"),
  ],
  [
    "the age of copies where there are none, in a policy of several",
    admission("policy: any-of, of: [{ policy: saturation, staleAfter: 1s }]"),
    /of.0.staleAfter: only signals with a period above 0s use this$/,
    admission("policy: any-of, of: [{ policy: saturation, evictLower: true, maxQueue: 0 }]"),
  ],
  [
    "an age of copies where there are none",
    admission("policy: saturation, staleAfter: 1s"),
    /admission.staleAfter: only signals with a period above 0s use this$/,
    pool(`admission: { policy: saturation, staleAfter: 1s }\n    ${PERIOD}`),
  ],
  [
    "a reserve of KV where there is none",
    admission("policy: trunk-reservation, signal: kv"),
    /:7:53 .*admission.signal: replicas of engine: slots keep no KV: nothing would be reserved$/,
    admission("policy: trunk-reservation, signal: slots"),
  ],
  [
    "weights of nothing",
    pool("discipline: { rule: vtc, inputWeight: 0, outputWeight: 0 }"),
    /discipline.inputWeight: with outputWeight: 0, too, no account is ever served more than another$/,
    pool("discipline: { rule: vtc, inputWeight: 0 }"),
  ],
  ...["burst: 5s", "outputAccounting: reserve-max", "chargeShed: true"].map(
    (key): [string, string, RegExp, string] => [
      `${key} of no limit`,
      limits(`{ concurrency: 5, ${key} }`),
      /limits.\w+: there is no limit that it is of$/,
      limits(`{ requests: 60/min, ${key} }`),
    ],
  ),
  [
    "limits of no path",
    limits("{ requests: 60/min, paths: {} }"),
    /limits.paths: names no path: name one, or remove the key$/,
    limits("{ requests: 60/min, paths: { standard: { requests: 6/min } } }"),
  ],
  [
    "a window of all beside those of each",
    limits("{ requests: { rate: 60/min, window: fixed }, window: sliding }"),
    /limits.window: every limit states its own$/,
    limits("{ preset: fireworks-start, requests: { rate: 60/min, window: fixed }, window: sliding }"),
  ],
  [
    "a window of no limit",
    limits("{ concurrency: 5, window: sliding }"),
    /limits.window: there is no limit that it is of$/,
    limits("{ concurrency: 5, window: sliding, paths: { standard: { requests: 6/min } } }"),
  ],
  [
    "an estimator of cached tokens that nothing looks at",
    `${SMALL}cacheEstimator: stated\n`,
    /:17:1 .*cacheEstimator: only limits of uncachedPromptTokens, predictive and modules of your own use this$/,
    `${SMALL}cacheEstimator: stated\nlimits: { uncachedPromptTokens: 1000/min }\n`,
  ],
  ...(
    [
      ["a path", `limits: { paths: { standard: { uncachedPromptTokens: 9/s } } }`],
      ["a preset", `limits: { preset: fireworks-start }`],
    ] as const
  ).map(([what, use]): [string, string, RegExp, string] => [
    `the same beside limits of ${what}`,
    `${SMALL}cacheEstimator: none\nlimits: { requests: 60/min }\n`,
    /cacheEstimator: only limits of/,
    `${SMALL}cacheEstimator: none\n${use}\n`,
  ]),
  [
    "the same beside a concurrency limit",
    `${pool("concurrency: pid")}cacheEstimator: none\n`,
    /cacheEstimator: only limits of/,
    `${pool("concurrency: predictive")}cacheEstimator: none\n`,
  ],
  [
    "a share that is cached where nothing stays",
    cached("prefixCache: false", "cached: 90%"),
    /traffic.agents.cached: pool "shared" keeps no contexts \(prefixCache: false\), so that no prompt is cached there$/,
    cached("prefixCache: true", "cached: 90%"),
  ],
  [
    "the same at the second path of a pair",
    cached("prefixCache: false", "cached: 1%").replace("priority: 10%", "standard+priority: 10%"),
    /traffic.agents.cached: pool "shared" keeps no contexts/,
    cached("prefixCache: false", "cached: 0%"),
  ],
  [
    "an answer that is as it was",
    `${SMALL}provider: { answers: { overloaded: {} } }\n`,
    /provider.answers.overloaded: changes nothing: write a status, a type or a code$/,
    `${SMALL}provider: { answers: { overloaded: { code: busy } } }\n`,
  ],
])("%s", (_, idle, problem, inUse) => {
  expect(problems(idle)).toEqual([expect.stringMatching(problem)]);
  expect(problems(inUse)).toEqual([]);
});
