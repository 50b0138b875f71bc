// How far the seeds of a scenario with a trigger are, in one line.
import type { Instant, SeedOutcome } from "../../../core/index.js";
import { format, toSeconds } from "../../../core/internal.js";

export function headline(outcomes: readonly SeedOutcome[], seeds: number, now: Instant): string {
  return `${outcomes.length} of ${seeds} seeds, ${format.span(toSeconds(now))} of the next simulated`;
}
