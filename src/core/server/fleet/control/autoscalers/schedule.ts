// Replicas by the clock: so many from each step's time on, once, or again and again with a period. Knows no load. The
// counterpart of a scheduled action of AWS Application Auto Scaling, or of KEDA's cron scaler; the form is ours.
import * as z from "zod";
import { type Duration, type Instant, NEVER } from "../../../../base/units.js";
import { asMap, type Raw, type Report, read } from "../../../../document/raw.js";
import type { Path } from "../../../../document/tree.js";
import { count, duration, showDuration } from "../../../../document/units.js";
import { type AroundScaler, type Autoscaler, defineAutoscaler, type Timetable } from "./autoscaler.js";
import { knobOrigins, knobs, MOST_REPLICAS } from "./knobs.js";
import type { ScalingView } from "./view.js";

const anyDuration = duration();

interface Step {
  readonly at: Duration;
  readonly replicas: number;
}

interface ScheduleOptions {
  readonly every?: Duration | undefined;
  readonly steps: readonly Step[];
}

class Schedule implements Autoscaler, Timetable {
  readonly looksBack = 0;
  readonly #every: Duration | undefined;
  readonly #steps: readonly Step[];

  constructor({ every, steps }: ScheduleOptions) {
    this.#every = every;
    this.#steps = steps;
  }

  recommend({ now }: ScalingView): number | undefined {
    return this.replicasAt(now);
  }

  /** Before the first step: the last one of the period before, or without a period nothing. */
  replicasAt(at: Instant): number | undefined {
    const { time } = this.#within(at);
    const last = this.#steps.filter((step) => step.at <= time).at(-1);
    return (last ?? (this.#every === undefined ? undefined : this.#steps.at(-1)))?.replicas;
  }

  changesAt(now: Instant): Instant {
    const { time, began } = this.#within(now);
    const next = this.#steps.find(({ at }) => at > time);
    if (next !== undefined) return (began + next.at) as Instant;
    return this.#every === undefined ? NEVER : ((began + this.#every + this.#steps[0]!.at) as Instant);
  }

  #within(now: Instant): { readonly time: number; readonly began: number } {
    const time = this.#every === undefined ? now : now % this.#every;
    return { time, began: now - time };
  }
}

function checkTogether({ every, steps }: ScheduleOptions, context: z.core.$RefinementCtx): void {
  const issue = (index: number, message: string) =>
    context.addIssue({ code: "custom", path: ["steps", index, "at"], message, input: steps[index]?.at });
  for (const [index, { at }] of steps.entries()) {
    const before = steps[index - 1]?.at;
    if (before !== undefined && at <= before)
      issue(
        index,
        `not later than the step before it (${showDuration(before)}): write them in order of time`,
      );
    if (every !== undefined && at >= every)
      issue(index, `a step must be earlier than the end of the period: less than ${showDuration(every)}`);
  }
}

/** Without a period no step is due after the end of the run. */
function checkEnd(part: Raw, at: Path, { duration: length }: AroundScaler, report: Report): void {
  const steps = part["steps"];
  if (part["every"] !== undefined || length === undefined || !Array.isArray(steps)) return;
  for (const [index, step] of steps.entries()) {
    const due = read(anyDuration, asMap(step)["at"]);
    if (due === undefined || due < length) continue;
    report([...at, "steps", index, "at"], `the run ends before that (duration is ${showDuration(length)})`);
  }
}

export const schedule = defineAutoscaler({
  name: "schedule",
  summary: "So many replicas from given times on, once or every period; it looks at no load.",
  sources: [
    { text: "scheduled scaling of AWS Application Auto Scaling and KEDA's cron scaler", date: "2026-11" },
  ],
  defaults: { ...knobOrigins("ours", []), every: "ours", steps: "ours" },
  options: {
    ...knobs({ min: 0, interval: "1m" }),
    every: duration({ above: 0 })
      .exactOptional()
      .describe("The period after which the steps begin again; left out: once."),
    steps: z
      .array(
        z.strictObject({
          at: duration().describe("Since the start of the run, or of the period."),
          replicas: count(0, MOST_REPLICAS).describe("As many from then on."),
        }),
      )
      .min(1, "at least one step is needed")
      .prefault([{ at: "0s", replicas: 1 }])
      .describe("Replicas by time, in its order."),
  },
  refine: checkTogether,
  check: checkEnd,
  timetable: (options) => new Schedule(options),
  create: (options) => new Schedule(options),
});
