import { expect, it } from "vitest";
import { gpuPrice } from "../../../../src/core/server/fleet/gpu-prices.js";
import { MARKETS } from "../../../../src/core/server/fleet/node-type.js";

it("prices a kind of GPU by its market, in decimals, and says nothing of one that it does not know", () => {
  expect(MARKETS.map((market) => gpuPrice("H200", market))).toEqual([4.5, 3.15, 2.25]);
  expect([gpuPrice("L40S", "spot"), gpuPrice(undefined, "on-demand")]).toEqual([undefined, undefined]);
});
