// The samples of one pool that an autoscaler may see, the latest as old as the delay of its metrics at least. Keeps
// them for as long as the longest window that anyone asks about.
import { assert } from "../../../../base/assert.js";
import { type Duration, type Instant, MICROS_PER_SECOND } from "../../../../base/units.js";
import type { ScalingCount, ScalingLevel, ScalingSample, ScalingView } from "./view.js";

export class ScalingHistory implements ScalingView {
  now: Instant;
  wanted: number;
  readonly #delay: Duration;
  readonly #keep: Duration;
  /** In the order of time. The last but `#unseen` are visible. */
  readonly #samples: ScalingSample[];
  #visible = 1;

  /** `keep`: the longest window that is asked about. The first sample is visible from the start. */
  constructor(first: ScalingSample, delay: Duration, keep: Duration) {
    this.#samples = [first];
    this.#delay = delay;
    this.#keep = keep;
    this.now = first.asOf;
    this.wanted = first.wanted;
  }

  add(sample: ScalingSample): void {
    this.#samples.push(sample);
  }

  /** What may be seen at that instant, by one that wants so many replicas. */
  showAt(now: Instant, wanted: number): this {
    this.now = now;
    this.wanted = wanted;
    const samples = this.#samples;
    while (this.#visible < samples.length && samples[this.#visible]!.asOf + this.#delay <= now)
      this.#visible++;
    this.#forget();
    return this;
  }

  get latest(): ScalingSample {
    return this.#samples[this.#visible - 1]!;
  }

  mean(level: ScalingLevel | ((sample: ScalingSample) => number), window: number): number {
    const read = typeof level === "string" ? (sample: ScalingSample) => sample[level] : level;
    const { asOf } = this.latest;
    let sum = 0;
    let count = 0;
    for (let index = this.#visible - 1; index >= 0; index--) {
      const sample = this.#samples[index]!;
      if (count > 0 && sample.asOf <= asOf - window) break;
      sum += read(sample);
      count++;
    }
    return sum / count;
  }

  rate(count: ScalingCount, window: number): number {
    const { latest } = this;
    const first = this.#firstOf(window);
    const elapsed = latest.asOf - first.asOf;
    return elapsed === 0 ? 0 : ((latest[count] - first[count]) / elapsed) * MICROS_PER_SECOND;
  }

  counted(window: number): number {
    return this.latest.asOf - this.#firstOf(window).asOf;
  }

  /** Where counting over a window begins: the newest sample that is no younger, or the oldest. */
  #firstOf(window: number): ScalingSample {
    const from = this.latest.asOf - window;
    let index = this.#visible - 1;
    while (index > 0 && this.#samples[index]!.asOf > from) index--;
    return this.#samples[index]!;
  }

  /** One sample older than the longest window stays: rates begin there. */
  #forget(): void {
    const oldest = this.latest.asOf - this.#keep;
    let count = 0;
    while (count + 1 < this.#visible && this.#samples[count + 1]!.asOf <= oldest) count++;
    // Moved together now and then, not at every sample.
    if (count < 64) return;
    this.#samples.splice(0, count);
    this.#visible -= count;
    assert(this.#visible > 0, "an autoscaler has a sample to see");
  }
}
