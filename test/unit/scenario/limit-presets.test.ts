import { expect, test } from "vitest";
import { LIMIT_PRESETS, limitPreset } from "../../../src/core/scenario/limit-presets.js";

test.each(LIMIT_PRESETS)("$name says its limits a minute as they are", ({ name, summary }) => {
  const { requests, promptTokens, uncachedPromptTokens, generatedTokens } = limitPreset(name);
  const perMinute = [requests, promptTokens, uncachedPromptTokens, generatedTokens].flatMap((limit) =>
    limit === undefined ? [] : [limit.rate * 60],
  );
  const sizes: Readonly<Record<string, number>> = { "": 1, k: 1e3, M: 1e6 };
  const said = [...summary.matchAll(/(\d[\d.,]*)([kM]?) /g)].map(
    ([, number = "", size = ""]) => Number(number.replaceAll(",", "")) * sizes[size]!,
  );
  expect(perMinute).toEqual(said);
});

test.each(LIMIT_PRESETS)("$name says where its limits are from", ({ source }) => {
  expect(source).toMatch(/\(20\d\d, (read|excerpted)\)/);
});
