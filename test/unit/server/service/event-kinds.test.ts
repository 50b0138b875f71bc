import { describe, expect, it } from "vitest";
import { CallerEvent } from "../../../../src/core/demand/callers/event-kinds.js";
import { SAMPLE } from "../../../../src/core/engine/engine.js";
import { NetworkEvent } from "../../../../src/core/engine/world/network.js";
import { ServerEvent } from "../../../../src/core/server/service/event-kinds.js";

describe("event kinds", () => {
  it("are all different, and none is that of a sample", () => {
    const kinds = [
      ...Object.values(ServerEvent),
      ...Object.values(CallerEvent),
      ...Object.values(NetworkEvent),
      SAMPLE,
    ];
    expect(new Set(kinds).size).toBe(kinds.length);
  });
});
