import { describe, expect, it } from "vitest";
import { Mix } from "../../../../src/core/demand/traffic/mix.js";
import { openStream } from "../../../../src/core/random/stream.js";
import { chiSquare } from "../../../support/goodness-of-fit.js";
import { emptyArrival } from "./arrival.js";

describe("mix", () => {
  it("asks for each path as often as its share says, and never for one of share 0", () => {
    const entries = [
      { model: "kimi", share: 0.8 },
      { model: "kimi", serviceTier: "priority", share: 0.15 },
      { model: "unwanted", share: 0 },
      { model: "kimi-fast", serviceTier: "priority", share: 0.05 },
    ];
    const mix = new Mix(entries, openStream("1", "mix"));
    const arrival = emptyArrival();
    const counts = entries.map(() => 0);
    const draws = 20_000;
    for (let draw = 0; draw < draws; draw++) {
      mix.draw(arrival);
      counts[
        entries.findIndex(
          ({ model, serviceTier }) => model === arrival.model && serviceTier === arrival.serviceTier,
        )
      ]!++;
    }
    const fit = chiSquare(
      counts,
      entries.map(({ share }) => share * draws),
    );
    expect(fit.statistic).toBeLessThan(fit.limit);
    expect(counts[2]).toBe(0);
  });

  it("clears the tier of the arrival before", () => {
    const mix = new Mix([{ model: "kimi", share: 1 }], openStream("1", "mix"));
    const arrival = { ...emptyArrival(), serviceTier: "priority" };
    mix.draw(arrival);
    expect(arrival).toMatchObject({ model: "kimi", serviceTier: undefined });
  });

  it("picks from any stream, and leaves its own alone", () => {
    const entries = [
      { model: "kimi", share: 0.5 },
      { model: "turbo", share: 0.5 },
    ];
    const drawn = (isPicking: boolean) => {
      const mix = new Mix(entries, openStream("1", "mix"));
      const other = openStream("1", "session");
      return Array.from({ length: 50 }, () => {
        if (isPicking) expect(entries).toContain(mix.pick(other));
        const arrival = emptyArrival();
        mix.draw(arrival);
        return arrival.model;
      });
    };
    expect(drawn(true)).toEqual(drawn(false));
  });
});
