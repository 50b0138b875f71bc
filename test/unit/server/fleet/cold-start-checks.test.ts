// What a scenario says of cold starts counts, or is refused: weights that nothing loads, and waking what never sleeps.
import { expect, it } from "vitest";
import { problems, withLine } from "../../scenario/scenarios.js";

const told = (pool: string) => expect(problems(withLine(6, `    replicas: 1\n    ${pool}`)));

it("a cold start that loads weights says how many bytes", () => {
  for (const coldStart of ["cached", "{ preset: cold }", "{ preset: cached, weights: { from: nvme } }"])
    told(`coldStart: ${coldStart}`).toEqual([
      expect.stringMatching(
        /:7:16 pools.shared.coldStart: "c\w+" loads weights: say how many bytes one instance loads/,
      ),
    ]);
  told("coldStart: { preset: warm, weights: { from: nvme } }").toEqual([
    expect.stringContaining('coldStart: from "nvme" it loads weights: say how many bytes one instance loads'),
  ]);
  for (const coldStart of ["none", "warm", "{ preset: cold, weights: { bytes: 16G, spread: 1 } }"])
    told(`coldStart: ${coldStart}`).toEqual([]);
});

it("a preset that loads no weights is told from where they come, if any do", () => {
  for (const weights of ["bytes: 141G", "spread: 1", "bytes: 141G, bandwidth: 20"])
    told(`coldStart: { preset: warm, weights: { ${weights} } }`).toEqual([
      expect.stringMatching(
        /:7:32 pools.shared.coldStart.weights: "warm" loads no weights: .* \(say from: nvme \(or what it is\), too\)$/,
      ),
    ]);
  for (const preset of ["warm", "cached"])
    told(
      `coldStart: { preset: ${preset}, weights: { bytes: 141G, from: nvme, bandwidth: 20, spread: 2 } }`,
    ).toEqual([]);
});

it("only what sleeps is woken", () => {
  const coldStart = "coldStart: { preset: warm, wake: 5s }";
  told(coldStart).toEqual([
    expect.stringMatching(/:7:32 pools.shared.coldStart.wake: nothing sleeps .*: the pool has no warmPool$/),
  ]);
  // Said to be none, as a search for the least warm pool says it.
  for (const count of [0, 1]) told(`${coldStart}\n    warmPool: ${count}`).toEqual([]);
});

it("what is malformed is told as that alone", () => {
  told("coldStart: { preset: hot, weights: { bytes: 141G } }").toEqual([
    expect.stringContaining("coldStart.preset"),
  ]);
});
