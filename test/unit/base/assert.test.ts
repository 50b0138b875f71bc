import { describe, expect, it } from "vitest";
import { AssertionError, assert, unreachable } from "../../../src/core/base/assert.js";

describe("assert", () => {
  it("lets what holds pass", () => {
    expect(() => assert(true, "LAW-2")).not.toThrow();
  });

  it("names the broken law and says that it is our bug", () => {
    expect(() => assert(false, "LAW-2: no way back")).toThrow(
      new AssertionError("internal error, please report it: LAW-2: no way back"),
    );
  });
});

describe("unreachable", () => {
  it("shows the value that no case expected", () => {
    expect(() => unreachable("surprise" as never)).toThrow("unexpected surprise");
  });
});
