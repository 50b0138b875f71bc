import { describe, expect, it } from "vitest";
import { EventKind } from "../../../../src/core/engine/world/event-kinds.js";

describe("event kinds", () => {
  it("are all different", () => {
    const kinds = Object.values(EventKind);
    expect(new Set(kinds).size).toBe(kinds.length);
  });
});
