import { describe, expect, it } from "vitest";
import { readStages } from "../../../../src/core/internal.js";
import { source } from "./recording.js";
import { HEADER, KNOWN } from "./stages.js";

describe("readStages", () => {
  it("knows a table of stages", () => {
    expect(readStages(source("s.csv", HEADER + KNOWN))).toHaveLength(1);
  });
});
