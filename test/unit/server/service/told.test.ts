import { describe, expect, it } from "vitest";
import type { Answers } from "../../../../src/core/api/wire.js";
import { Told } from "../../../../src/core/server/service/told.js";

const ANSWERS = {} as Answers;

describe("whom the server answers to", () => {
  it("is named once, and before the first answer", () => {
    const told = new Told();
    expect(() => told.begins()).toThrow("given its Answers before the first call");
    told.answerTo(ANSWERS);
    expect(told.begins()).toBe(ANSWERS);
    expect(() => told.answerTo(ANSWERS)).toThrow("a server answers to one");
  });

  it("makes no call while an answer is being told", () => {
    const told = new Told();
    told.answerTo(ANSWERS);
    told.assertNotTelling();
    told.begins();
    expect(() => told.assertNotTelling()).toThrow("while an answer is being told");
    told.ends();
    told.assertNotTelling();
  });
});
