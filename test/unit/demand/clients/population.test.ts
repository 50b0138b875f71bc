import { describe, expect, it } from "vitest";
import type { ClientOptions } from "../../../../src/core/demand/clients/client.js";
import { ClientPopulation } from "../../../../src/core/demand/clients/population.js";
import { createClient } from "../../../../src/core/demand/clients/registry.js";

const client = (options: ClientOptions = {}) => createClient("openai-node-6", options);
const mixed = (shares: readonly number[], source = "agents", seed = "1") =>
  new ClientPopulation(
    shares.map((share) => ({ client: client(), share })),
    seed,
    source,
    (caller) => `account-${caller}`,
  );

const ACCOUNTS = Array.from({ length: 4000 }, (_, index) => index);
const drawn = (population: ClientPopulation) => ACCOUNTS.map((account) => population.indexOf(account));

describe("a population of clients", () => {
  it("gives each account one client, by the shares", () => {
    const population = mixed([0.6, 0.3, 0, 0.1]);
    const counts = [0, 0, 0, 0];
    for (const index of drawn(population)) counts[index]!++;
    // Three standard deviations of a binomial of 4000.
    for (const [index, share] of [0.6, 0.3, 0, 0.1].entries()) {
      const expected = share * ACCOUNTS.length;
      expect(Math.abs(counts[index]! - expected)).toBeLessThanOrEqual(3 * Math.sqrt(expected * (1 - share)));
    }
    expect(population.of(7)).toBe(population.clients[population.indexOf(7)]);
  });

  it("does not depend on the order in which accounts are met, nor on how often", () => {
    const population = mixed([1, 1]);
    for (const account of [...ACCOUNTS].reverse()) population.of(account);
    expect(drawn(population)).toEqual(drawn(mixed([1, 1])));
  });

  it("draws by the account's name, the source and the seed", () => {
    const base = drawn(mixed([1, 1])).join();
    expect(drawn(mixed([1, 1], "chat")).join()).not.toBe(base);
    expect(drawn(mixed([1, 1], "agents", "2")).join()).not.toBe(base);
    const renamed = new ClientPopulation(
      [
        { client: client(), share: 1 },
        { client: client(), share: 1 },
      ],
      "1",
      "agents",
      (caller) => `account-${caller + 1}`,
    );
    expect(renamed.indexOf(3)).toBe(mixed([1, 1]).indexOf(4));
  });

  it.each([[[]], [[0, 0]], [[1, -1]], [[Number.NaN]]])("refuses the shares %j", (shares) => {
    expect(() => mixed(shares)).toThrow("shares of clients");
  });
});
