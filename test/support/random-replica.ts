// A random replica and a random script of sequences for it, from one seed: lengths from 1 to 32k, bursts, too little
// memory, shared prefixes, drafts, cancellations. Draws round times on purpose: what happens at one and the same
// instant is where two forms of a replica come apart.

import { NONE } from "../../src/core/base/none.js";
import { openStream } from "../../src/core/random/stream.js";
import { linearProfile } from "../../src/core/server/profile/linear.js";
import { profileByName } from "../../src/core/server/profile/registry.js";
import type { StepProfile } from "../../src/core/server/profile/step-profile.js";
import type { BatchingOptions } from "../../src/core/server/replica/batching/options.js";
import type { ScriptedWork } from "../conformance/replica-run.js";
import { Draw } from "./draw.js";

export interface RandomReplica {
  readonly options: BatchingOptions;
  readonly arrivals: readonly { readonly at: number; readonly work: ScriptedWork }[];
  readonly cancels: readonly { readonly at: number; readonly id: number }[];
  readonly probes: readonly number[];
  /** Whether waiting sequences come in from within the replica's own calls. */
  readonly admitsInside: boolean;
}

export function randomReplica(seed: string): RandomReplica {
  const draw = new Draw(seed, "replica");
  const ahead = new Draw(seed, "ahead");
  const profile = drawProfile(draw);
  const isRound = draw.chance(0.4);
  const stepMicros = Math.max(1, Math.round(profile.base(1, 0)));
  const longest = draw.pick([3, 20, 80, 80, 200, 200, draw.chance(0.1) ? 32_768 : 500]);
  const count = longest > 1000 ? draw.whole(1, 5) : draw.whole(1, 24);
  const prefixes = draw.pick([0, 0, 1, 3]);
  const sessions = draw.pick([0, 0, 2, 5]);
  const kvBlockTokens = draw.pick([1, 3, 16, 16, 64]);
  const works = Array.from({ length: count }, () => drawWork(draw, longest, prefixes, sessions)).map(
    // Of some the engine knows beforehand where they end.
    (work) => ({ ...work, maxTokens: work.outputTokens + (ahead.chance(0.4) ? 0 : 1) }),
  );
  const largest = Math.max(...works.map((work) => work.inputTokens + work.outputTokens));
  const kvTokens = (Math.ceil(largest / kvBlockTokens) + 1) * kvBlockTokens * draw.pick([1, 1, 2, 3, 50]);
  const maxSequences = draw.pick([1, 2, 4, 8, 40]);
  const options: BatchingOptions = {
    profile,
    maxSequences,
    maxBatchedTokens: maxSequences * profile.tokensPerSequence + draw.pick([0, 1, 16, 200, 2048]),
    maxPrefillSequences: draw.pick([1, 2, 8]),
    kvTokens,
    kvBlockTokens,
    kvWatermark: draw.pick([0, 0.01, 0.2]),
    prefixCache: draw.chance(0.7),
    ...(new Draw(seed, "offload").chance(0.3) && {
      kvOffload: drawOffload(new Draw(seed, "offloaded"), kvTokens),
    }),
    stepAhead: ahead.chance(0.5),
    chance: openStream(seed, "acceptance"),
  };
  let at = 0;
  const grid = (micros: number) =>
    isRound ? Math.round(micros / stepMicros) * stepMicros : Math.round(micros);
  const arrivals = works.map((work) => {
    if (draw.chance(0.7)) at += grid(stepMicros * draw.magnitude(0.1, draw.pick([3, 30, 300])));
    return { at, work };
  });
  const end = at + stepMicros * 2 * Math.min(longest, 400);
  const cancels = arrivals.flatMap(({ at: from }, id) =>
    draw.chance(0.2) ? [{ id, at: from + grid(draw.real(0, end - from)) }] : [],
  );
  const probes = Array.from({ length: 12 }, () => grid(draw.real(0, end)));
  return { options, arrivals, cancels, probes, admitsInside: draw.chance(0.3) };
}

/** From a stream of its own, so that the replicas of old seeds stay what they were. */
const drawOffload = (draw: Draw, kvTokens: number): NonNullable<BatchingOptions["kvOffload"]> => ({
  tokens: Math.ceil(kvTokens * draw.pick([0.01, 0.3, 1, 5])),
  loadPerToken: draw.pick([0, 1.5, 30, 1000]),
});

function drawWork(draw: Draw, longest: number, prefixes: number, sessions: number): ScriptedWork {
  const tokens = () => Math.min(longest, Math.max(1, Math.round(draw.magnitude(0.5, longest))));
  const inputTokens = tokens();
  const prefix = prefixes > 0 && draw.chance(0.7) ? draw.whole(0, prefixes - 1) : NONE;
  const session = sessions > 0 && draw.chance(0.7) ? draw.whole(0, sessions - 1) : NONE;
  return {
    inputTokens,
    outputTokens: draw.chance(0.1) ? 1 : tokens(),
    cachedTokens: draw.chance(0.1) ? draw.whole(0, inputTokens) : 0,
    rank: draw.whole(0, 2),
    prefix,
    // The same for all prompts of an application, as far as the prompt reaches.
    prefixTokens: prefix === NONE ? 0 : Math.min(inputTokens, 10 + 13 * prefix),
    session,
    sharedTokens: session === NONE ? 0 : draw.whole(0, inputTokens),
  };
}

function drawProfile(draw: Draw): StepProfile {
  const base = draw.pick([drawLinear, drawLinear, roundLinear, () => profileByName("llama-3.1-8b-h100")])(
    draw,
  );
  const heating = draw.chance(0.3)
    ? {
        clock: {
          boost: (_: number, prefill: number) => (prefill > 20 ? 0.1 * base.base(0, prefill) : 0),
          drag: (_: number, prefill: number) => (prefill > 20 ? 0 : 0.1 * base.base(0, prefill)),
          decodeDrag: draw.pick([0, 0.04, 0.5]),
          memory: 30_000,
          rest: draw.pick([1000, 40_000]),
        },
      }
    : {};
  if (draw.chance(0.7)) return { ...base, ...heating };
  const tokensPerSequence = draw.whole(2, 6);
  return { ...base, ...heating, tokensPerSequence, acceptance: draw.pick([0, 0.5, 0.8, 0.99]) };
}

function drawLinear(draw: Draw): StepProfile {
  const base = draw.magnitude(100, 20_000);
  return linearProfile({
    base,
    perSequence: draw.chance(0.3) ? 0 : base * draw.real(0, 0.1),
    perContextToken: draw.chance(0.3) ? 0 : base * draw.magnitude(1e-6, 1e-2),
    perPrefillToken: base * draw.magnitude(1e-4, 1e-2),
  });
}

/** Every step takes the same whole number of microseconds, so that boundaries meet arrivals. */
function roundLinear(draw: Draw): StepProfile {
  return linearProfile({
    base: draw.pick([7, 1000]),
    perSequence: 0,
    perContextToken: 0,
    perPrefillToken: 0,
  });
}
