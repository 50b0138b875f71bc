import { expect, it } from "vitest";
import { several } from "../../../src/core/base/several.js";

it("says of how many things there are whether that is one", () => {
  expect([0, 1, 2].map((count) => several(count, "GPU"))).toEqual(["0 GPUs", "1 GPU", "2 GPUs"]);
});
