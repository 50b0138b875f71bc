import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { paddedRows } from "../../../../src/core/server/profile/rows.js";
import { learnRowSizes, parseRowSizes } from "../../../../src/core/tools/calibration/row-sizes.js";
import { step } from "./steps.js";

describe("row sizes that are told", () => {
  it("are sizes and ranges", () => {
    expect(parseRowSizes("decode=1,2,4,8:32:8 mixed=64:192:64,256")).toEqual({
      decode: [1, 2, 4, 8, 16, 24, 32],
      mixed: [64, 128, 192, 256],
    });
    expect(parseRowSizes("mixed=64")).toEqual({ mixed: [64] });
  });

  it.each([
    "decode",
    "decod=1",
    "decode=",
    "decode=2,1",
    "decode=1,1",
    "decode=0",
    "decode=8:1:1",
    "decode=1:9:0",
  ])("%s is refused", (text) => {
    expect(() => parseRowSizes(text)).toThrow(/as in .*decode=1,2,4,8:256:8 mixed=64:512:64/);
  });
});

describe("row sizes that are learned", () => {
  const sizes = parseRowSizes("decode=1,2,4,8:256:8 mixed=64:512:64,640:2048:128");
  const padded = (decoding: number, prefillTokens: number) => {
    const kind = prefillTokens > 0 ? sizes.mixed : sizes.decode;
    return step({ decoding, prefillTokens, rows: paddedRows(kind ?? [], decoding + prefillTokens) });
  };

  it("are those of the engine, once steps of all of them were seen", () => {
    const batches = Array.from({ length: 256 }, (_, index) => padded(index + 1, 0));
    const chunks = Array.from({ length: 2000 }, (_, index) => padded(3, index + 1));
    expect(learnRowSizes([...batches, ...chunks])).toEqual(sizes);
  });

  it("pad every step that was seen to what it was padded to", () => {
    const works = fc.array(fc.tuple(fc.integer({ min: 1, max: 256 }), fc.nat(1700)), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(works, (list) => {
        const points = list.map(([decoding, prefill]) => padded(decoding, prefill));
        const learned = learnRowSizes(points);
        for (const { decoding, prefillTokens, rows } of points) {
          const kind = prefillTokens > 0 ? learned.mixed : learned.decode;
          if (kind !== undefined) expect(paddedRows(kind, decoding + prefillTokens)).toBe(rows);
        }
      }),
    );
  });

  it("are none where nothing was padded", () => {
    expect(learnRowSizes([step({ decoding: 3 }), step({ decoding: 7, prefillTokens: 100 })])).toEqual({});
  });
});
