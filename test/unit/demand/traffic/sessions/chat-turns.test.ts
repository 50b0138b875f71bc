import { mean } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { ChatTurns, drawChatLength } from "../../../../../src/core/demand/traffic/sessions/chat-turns.js";
import { CHAT } from "../../../../../src/core/demand/traffic/sessions/spec.js";
import { openStream } from "../../../../../src/core/random/stream.js";

describe("the turns of a chat", () => {
  it("have a pause before each but the first, which add up", () => {
    for (let index = 0; index < 100; index++) {
      const turns = new ChatTurns(CHAT, openStream("1", `${index}`));
      let pauses = 0;
      for (let turn = 0; turn < turns.length; turn++) pauses += turns.pause(turn);
      expect(turns.pause(0)).toBe(0);
      expect(turns.pauses).toBeCloseTo(pauses, 9);
      expect(turns.pauses > 0).toBe(turns.length > 1);
      expect(turns.requests).toBe(turns.length);
    }
  });

  it("are as many as stated on average, a share of the chats having one", () => {
    const stream = openStream("1", "lengths");
    const drawn = Array.from({ length: 20_000 }, () => drawChatLength(CHAT, stream));
    expect(Math.abs(mean(drawn) - CHAT.turns.mean)).toBeLessThan(0.1);
    expect(drawn.filter((length) => length === 1).length / drawn.length).toBeCloseTo(CHAT.turns.one, 1);
  });

  it.each([
    [1, 5, 1],
    [0.5, 1.5, 2],
  ])("are one or two where there is nothing beyond: one %d, mean %d", (one, mean, most) => {
    const stream = openStream("1", "few");
    const spec = { ...CHAT, turns: { one, mean } };
    expect(Math.max(...Array.from({ length: 100 }, () => drawChatLength(spec, stream)))).toBe(most);
  });
});
