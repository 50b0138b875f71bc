// What to calibrate next, by plain rules: which figure is off, in which way, and which part of the model makes
// figures go off in that way. A rule says what it saw, so that who knows better can tell. Knows comparisons only.
import * as format from "../../report/text/format.js";
import type { Compared } from "./compared.js";
import { rangeText } from "./measures.js";
import type { Group } from "./pairs.js";
import { NAME_THE_VERSION, type ReplayedEngine } from "./replayed-engine.js";
import type { RunComparison } from "./run-comparison.js";
import type { StepErrors } from "./step-errors.js";

export interface Finding {
  /** The part of the model, in a word or two. */
  readonly part: string;
  /** What was seen. */
  readonly seen: string;
  /** What to do about it. */
  readonly next: string;
}

/** Errors below these are not worth a rule: the noise between two cards is larger. */
const RATE = 0.03;
const TOKEN_TIME = 0.03;
const FIRST_TOKEN = { share: 0.12, seconds: 0.005 };
const STEP_BIAS = 0.03;
const LONGEST_STEP = 0.25;
const COUNT = 0.02;
/** Beyond that share of waiting a replica is overloaded, and its time to first token is a matter of capacity. */
const OVERLOADED = 0.75;

/** The most telling first; empty where nothing is off. */
export function diagnose(run: RunComparison, steps: StepErrors | null, engine?: ReplayedEngine): Finding[] {
  const isOverloaded = run.waitShare > OVERLOADED;
  return [
    ...counts(run),
    ...capacity(run, isOverloaded),
    ...stepBudget(run),
    ...tokenTime(run),
    ...(isOverloaded ? [] : firstToken(run, engine)),
    ...diagnoseSteps(steps),
  ];
}

function counts({ outcomes, requests }: RunComparison): Finding[] {
  const { recorded, simulated } = outcomes.lost;
  const off = ((simulated ?? 0) - (recorded ?? 0)) / requests;
  if (Math.abs(off) <= COUNT) return [];
  return [
    {
      part: "lost requests",
      seen:
        `${format.count(recorded ?? 0)} of ${format.count(requests)} requests were lost, ` +
        `simulated ${format.count(simulated ?? 0)}`,
      next:
        off > 0
          ? "the replica serves less than the engine: see capacity; or callers waited longer: --timeout"
          : "the replica serves more than the engine: see capacity; or callers gave up sooner: --timeout",
    },
  ];
}

function capacity({ capacity: busy }: RunComparison, isOverloaded: boolean): Finding[] {
  const { error } = busy.outputTokensPerSecond;
  if (!isOverloaded || error === null || Math.abs(error) <= RATE) return [];
  return [
    {
      part: "capacity",
      seen: `at full load the replica makes ${format.signedPercent(error)} output tokens/s`,
      next:
        error > 0
          ? "fewer sequences at a time or longer steps: give the engine's KV (--kv-tokens) and batch " +
            "(--max-sequences), then the row sizes it pads to, then steps at that batch (surgefleet calibrate)"
          : "more sequences at a time or shorter steps: give the engine's KV (--kv-tokens) and batch " +
            "(--max-sequences); prompts that were found in the cache are work here where the recording is silent",
    },
  ];
}

/** The longest gap between two tokens is a step with as much prefill as fits. */
function stepBudget({ longestGap: { p50 } }: RunComparison): Finding[] {
  if (p50.error === null || Math.abs(p50.error) <= LONGEST_STEP) return [];
  const seen = `the longest gap between two tokens is ${format.signedPercent(p50.error)} (p50)`;
  const way = p50.error < 0 ? "more" : "less";
  const next = `a step takes ${way} prefill than here: the engine's budget (--max-batched-tokens)`;
  return [{ part: "longest step", seen, next }];
}

/** By whether it is the same at every batch, or grows with it. */
function tokenTime({ tpot, tpotByBatch }: RunComparison): Finding[] {
  const { error } = tpot.mean;
  const [small, large] = [tpotByBatch[0], tpotByBatch.at(-1)];
  const isOff = ({ mean }: Group) => mean.error !== null && Math.abs(mean.error) > TOKEN_TIME;
  const off = [small, large].filter((group) => group !== undefined).some(isOff);
  if (!off && (error === null || Math.abs(error) <= TOKEN_TIME)) return [];
  const at = (group: Group | undefined) => {
    if (group === undefined || group.mean.error === null) return "";
    return ` ${format.signedPercent(group.mean.error)} at a batch of ${rangeText(group)}`;
  };
  const seen = `time per token is ${format.signedPercent(error ?? 0)}:${at(small)},${at(large)}`;
  const [few, many] = [small?.mean.error ?? 0, large?.mean.error ?? 0];
  const next =
    Math.abs(many - few) <= TOKEN_TIME
      ? "the same at every batch: the bandwidth at which weights are read, or the time on the host of each step"
      : Math.abs(many) > Math.abs(few)
        ? "more at a large batch: the slope, which is time by context and by sequence, and the row sizes"
        : "more at a small batch: the fixed part of a step, which is reading weights, and the host";
  return [{ part: "time per token", seen, next }];
}

/** By whether it is a constant, which no engine's step is, or grows with the prompt. */
function firstToken(
  { ttft, ttftByPrompt, steps, requests }: RunComparison,
  engine: ReplayedEngine | undefined,
): Finding[] {
  const { p50 } = ttft;
  const missing = missingSeconds(p50);
  if (missing === undefined || Math.abs(missing) <= FIRST_TOKEN.seconds) return [];
  if (p50.error !== null && Math.abs(p50.error) <= FIRST_TOKEN.share) return [];
  const [short, long] = [ttftByPrompt[0], ttftByPrompt.at(-1)].map(
    (group) => group && missingSeconds(group.mean),
  );
  const step = steps.perSecond.simulated === null ? null : (steps.meanMillis.simulated ?? 0) / 1000;
  const inSteps =
    step === null || step === 0 ? "" : `, ${format.number(Math.abs(missing) / step, 2)} mean steps`;
  const way = missing > 0 ? "low" : "high";
  const seen = `time to first token is ${format.time(Math.abs(missing))} too ${way} (p50${inSteps})`;
  const part = "time to first token";
  const grows =
    requests > 2 && short !== undefined && long !== undefined && Math.abs(long) > 2 * Math.abs(short);
  if (grows) {
    const next =
      missing > 0
        ? "it grows with the prompt: time of prefill, or a smaller budget of a step (--max-batched-tokens)"
        : "it grows with the prompt: time of prefill, or prompts found in the cache where the recording is silent";
    return [{ part, seen: `${seen}: ${both(short, long)}`, next }];
  }
  const next =
    missing > 0
      ? `about the same for every prompt: ${outsideText(engine)}`
      : "about the same for every prompt: less time outside the engine than the profile has";
  return [{ part, seen, next }];
}

/** What a time to first token that is low by a constant points at. */
export function outsideText(engine: ReplayedEngine | undefined): string {
  const outside = "time outside the engine (HTTP, tokenizer, streaming)";
  if (engine === undefined) return `${outside}, and a step more where the engine schedules one ahead`;
  return engine.isBare
    ? `${outside}, and a step more where the engine schedules one ahead: ${NAME_THE_VERSION}`
    : `more ${outside} than is stated (frontEnd)`;
}

function both(short: number, long: number): string {
  return `${format.time(Math.abs(short))} with short prompts, ${format.time(Math.abs(long))} with long ones`;
}

function missingSeconds({ recorded, simulated }: Compared): number | undefined {
  return recorded === null || simulated === null ? undefined : recorded - simulated;
}

/** As far as steps by themselves tell. */
export function diagnoseSteps(steps: StepErrors | null): Finding[] {
  if (steps === null) return [];
  const regimes = Object.entries(steps.gpu.byRegime).filter(([, { bias }]) => Math.abs(bias) > STEP_BIAS);
  const worst = regimes.sort(([, a], [, b]) => Math.abs(b.bias) - Math.abs(a.bias))[0];
  if (worst === undefined) return [];
  const [regime, { bias, points }] = worst;
  return [
    {
      part: "single steps",
      seen: `${format.count(points)} steps of "${regime}" come out ${format.signedPercent(bias)}`,
      next: "fit the profile on steps of this kind: surgefleet calibrate",
    },
  ];
}
