// Engines by version, as far as they differ in what is outside a step: whether they schedule one step ahead, and what a
// call takes before and after the engine. A profile or a replica names one; profiles themselves are not known here.
import { assert } from "../../base/assert.js";
import type { Duration } from "../../base/units.js";
import type { DatedSource, Origin } from "../../document/definition.js";
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
 * TTFT of recorded load stages less that of the same stages replayed, all that is left when the step ahead is in. The
 * record does not tell the two sides apart: that most of it is the prompt's side is ours.
 */
const MEASURED: FrontEndTimes = { prompt: millis(6), perPromptToken: 0, token: millis(2) };

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
    origins: { stepAhead: "memory", frontEnd: "ours" },
  },
] as const satisfies readonly EngineVersion[];

export const ENGINE_VERSION_NAMES: readonly string[] = ENGINE_VERSIONS.map(({ name }) => name);

export function engineVersion(name: string): EngineVersion {
  const version = ENGINE_VERSIONS.find((one) => one.name === name);
  assert(version !== undefined, "the schema lets in known versions only");
  return version;
}
