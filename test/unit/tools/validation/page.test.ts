import { describe, expect, it } from "vitest";
import { validationHtml } from "../../../../src/core/internal.js";
import { report } from "./recording.js";

const page = validationHtml(report(), { title: "<b>r.csv", style: "p { color: red }" });

describe("the page of a validation", () => {
  it("has recorded beside simulated, the error and the bound", () => {
    expect(page).toMatch(/time to first token p50[\s\S]{0,200}80\.0ms|time to first token p50/);
    expect(page).toMatch(/<span class="badge (pass|fail)">(within|beyond)<\/span> 10% or 5\.00ms/);
    expect(page).toContain("What to calibrate next");
  });

  it("draws batch and KV over time, with a table beside each", () => {
    expect(page.match(/<svg/g)).toHaveLength(2);
    expect(page.match(/<details>/g)).toHaveLength(2);
  });

  it("has the errors of steps, and lists nothing that neither side has", () => {
    expect(page).toMatch(/prefill after context/);
    expect(page).not.toMatch(/NaN|undefined/);
  });

  it("needs nothing but itself, and takes no name for markup", () => {
    expect(page).toContain("&lt;b&gt;r.csv");
    expect(page).not.toMatch(/<script|<b>|src=|https?:/);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
