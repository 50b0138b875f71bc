// Engines by version, as far as they differ in what is outside a step: whether they schedule one step ahead, and what a
// call takes before and after the engine. A profile or a replica names one; profiles themselves are not known here.
import * as z from "zod";
import { assert } from "../../base/assert.js";
import type { Duration } from "../../base/units.js";
import type { DatedSource, Origin } from "../../document/definition.js";
import { choices, quote } from "../../document/words.js";
import type { FrontEndTimes } from "./front-end.js";

export interface EngineVersion {
  readonly name: string;
  readonly summary: string;
  readonly stepAhead: boolean;
  /** Undefined where a call takes no time outside the engine. */
  readonly frontEnd: FrontEndTimes | undefined;
  readonly sources: readonly DatedSource[];
  /** Where what is stated comes from. */
  readonly origins: { readonly stepAhead: Origin; readonly frontEnd: Origin | "measured" };
}

const millis = (value: number) => (value * 1000) as Duration;

/**
 * TTFT that vLLM 0.15.1 on H100 was recorded with at five requests a second (stage 0 of "codegen", the three dense
 * models: p50 24.3, 43.7 and 51.2 ms, mean 25.0, 44.5 and 53.4 ms), less that of the same stages replayed a step ahead
 * with all of each prompt cached (18.0, 38.6 and 45.2 ms): 5.8 ms of p50 and 7.0 ms of the mean. Stages at ten a second
 * and those of a mixture of experts took no part. The record does not tell the two sides apart, nor how much of it goes
 * by the token: that most of it is the prompt's, and none by the token, is ours.
 */
const MEASURED: FrontEndTimes = { prompt: millis(5), perPromptToken: 0, token: millis(1.5) };

const VLLM_SCHEDULER = {
  text: "vLLM 0.10 to 0.15, v1/core/sched/{scheduler,async_scheduler}.py and v1/engine/core.py",
  date: "2026-11",
};

export const ENGINE_VERSIONS = [
  {
    name: "none",
    summary: "A synchronous engine and nothing around it, as the shipped H100 profiles were measured.",
    stepAhead: false,
    frontEnd: undefined,
    sources: [],
    origins: { stepAhead: "ours", frontEnd: "ours" },
  },
  {
    name: "vllm-0.10",
    summary: "vLLM before 0.14: asynchronous scheduling is there only on demand.",
    stepAhead: false,
    frontEnd: MEASURED,
    sources: [VLLM_SCHEDULER],
    origins: { stepAhead: "excerpted", frontEnd: "ours" },
  },
  {
    name: "vllm-0.15",
    summary: "vLLM from 0.14 on: asynchronous scheduling is the default.",
    stepAhead: true,
    frontEnd: MEASURED,
    sources: [VLLM_SCHEDULER, { text: "vLLM 0.14.0 release notes, breaking changes", date: "2026-01" }],
    origins: { stepAhead: "excerpted", frontEnd: "measured" },
  },
  {
    name: "sglang-0.5",
    summary: "SGLang from 0.4 on: the overlap scheduler is the default.",
    stepAhead: true,
    frontEnd: MEASURED,
    sources: [
      {
        text: "SGLang 0.4 announcement, zero-overhead batch scheduler; managers/scheduler.py",
        date: "2026-11",
      },
    ],
    origins: { stepAhead: "excerpted", frontEnd: "ours" },
  },
] as const satisfies readonly EngineVersion[];

export const ENGINE_VERSION_NAMES: readonly string[] = ENGINE_VERSIONS.map(({ name }) => name);

/** The schema of a name: another version of the same engine may be covered by one of them, so that it says by which. */
export const engineVersionName = z.enum(ENGINE_VERSION_NAMES, {
  error: ({ input }) => {
    const covered = ENGINE_VERSIONS.map(({ name, summary }) => `${name} (${summary.split(":")[0]})`);
    return `${quote(input)} is not ${choices(covered)}`;
  },
});

export function engineVersion(name: string): EngineVersion {
  const version = ENGINE_VERSIONS.find((one) => one.name === name);
  assert(version !== undefined, "the schema lets in known versions only");
  return version;
}
