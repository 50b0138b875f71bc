import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Instant, NEVER } from "../../../../src/core/base/units.js";
import { Arrivals } from "../../../../src/core/demand/callers/arrivals.js";
import type { Arrival, Source } from "../../../../src/core/demand/traffic/source.js";
import { emptyArrival } from "../traffic/arrival.js";

class Scripted implements Source {
  readonly name: string;
  readonly #times: number[];

  constructor(name: string, times: readonly number[]) {
    this.name = name;
    this.#times = [...times];
  }

  get nextAt(): Instant {
    return (this.#times[0] ?? NEVER) as Instant;
  }

  /** One more, at a time not before those that were taken. */
  add(at: number): void {
    this.#times.push(at);
    this.#times.sort((one, other) => one - other);
  }

  take(arrival: Arrival): void {
    arrival.model = this.name;
    arrival.inputTokens = this.#times.shift()!;
  }
}

describe("arrivals", () => {
  it("come in the order of time, and of sources where times are equal", () => {
    const arrivals = new Arrivals([
      new Scripted("a", [3, 5, 5]),
      new Scripted("b", [1, 5, 9]),
      new Scripted("c", []),
    ]);
    const arrival = emptyArrival();
    const log: string[] = [];
    while (arrivals.nextAt < NEVER) {
      const [source, at] = [arrivals.next, arrivals.nextAt];
      arrivals.take(arrival);
      log.push(`${source} ${arrival.model} ${at} ${arrival.inputTokens}`);
    }
    expect(log).toEqual(["1 b 1 1", "0 a 3 3", "0 a 5 5", "0 a 5 5", "1 b 5 5", "1 b 9 9"]);
  });

  it("never come without sources", () => {
    expect(new Arrivals([]).nextAt).toBe(NEVER);
  });

  it("come in order also where answers bring the next of a source forward", () => {
    const times = fc.array(fc.nat(20), { maxLength: 6 });
    const steps = fc.array(fc.option(fc.tuple(fc.nat(2), fc.nat(5))), { maxLength: 30 });
    fc.assert(
      fc.property(fc.tuple(times, times, times), steps, (scripts, answers) => {
        const sources = scripts.map((script, index) => {
          return new Scripted(
            `${index}`,
            [...script].sort((a, b) => a - b),
          );
        });
        const arrivals = new Arrivals(sources);
        const arrival = emptyArrival();
        let now = 0;
        for (const answer of answers) {
          if (answer !== null) {
            const [source, wait] = answer;
            sources[source]!.add(now + wait);
            arrivals.changed(source);
          } else if (arrivals.nextAt < NEVER) {
            now = arrivals.nextAt;
            arrivals.take(arrival);
          }
          const soonest = Math.min(...sources.map(({ nextAt }) => nextAt));
          expect(arrivals.nextAt).toBe(soonest);
          if (soonest < NEVER) {
            expect(arrivals.next).toBe(sources.findIndex(({ nextAt }) => nextAt === soonest));
          }
        }
      }),
    );
  });
});
