import { describe, expect, it } from "vitest";
import { nearest, suggest } from "../../../src/core/base/nearest.js";

const NAMES = ["maxQueue", "queueTimeout", "kv", "shared"];

describe("the name that was probably meant", () => {
  it.each([
    ["maxQeue", "maxQueue"],
    ["MAXQUEUE", "maxQueue"],
    ["queueTimout", "queueTimeout"],
    ["sha", "shared"],
    ["sharedReplicas", "shared"],
    ["queueTimeoutOfAll", "queueTimeout"],
  ])("of %s is %s", (unknown, meant) => {
    expect(nearest(unknown, NAMES)).toBe(meant);
  });

  it.each([
    ["nothing alike", "elephant"],
    ["a short name of which no letter is left", "xy"],
    ["a beginning too short to tell", "qu"],
    ["a word of which a name is no more than the first letters", "sharedness"],
    ["a name with a beginning too short to tell", "kvOfAllReplicas"],
  ])("is none for %s", (_, unknown) => {
    expect(nearest(unknown, NAMES)).toBeUndefined();
  });
});

describe("the hint for an unknown name", () => {
  it("tells what was meant, else what is known, else nothing", () => {
    expect(suggest("shred", NAMES)).toBe('did you mean "shared"?');
    expect(suggest("elephant", NAMES)).toBe("known: maxQueue, queueTimeout, kv, shared");
    expect(suggest("elephant", [])).toBeUndefined();
    expect(
      suggest(
        "elephant",
        Array.from({ length: 21 }, (_, index) => `k${index}`),
      ),
    ).toBeUndefined();
  });
});

it("another version is no slip of the finger, another name with a version is", () => {
  expect(nearest("vllm-0.14", ["vllm-0.10", "vllm-0.15"])).toBeUndefined();
  expect(nearest("vlm-0.15", ["vllm-0.10", "vllm-0.15"])).toBe("vllm-0.15");
});
