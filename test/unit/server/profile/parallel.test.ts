import { describe, expect, it } from "vitest";
import { gpusOf, gpusOfStage, layoutOf } from "../../../../src/core/server/profile/parallel.js";

describe("a layout", () => {
  it("is one GPU unless said otherwise", () => {
    const layout = layoutOf({});
    expect(layout).toEqual({ tensor: 1, pipeline: 1, data: 1, spreadsExperts: false });
    expect(gpusOf(layout)).toBe(1);
  });

  it("by gpus and attention splits layers, or gives each GPU its own sequences and spreads the experts", () => {
    expect(layoutOf({ gpus: 8 })).toEqual({ tensor: 8, pipeline: 1, data: 1, spreadsExperts: false });
    expect(layoutOf({ gpus: 8, attention: "data" })).toEqual(layoutOf({ parallel: { data: 8, expert: 8 } }));
    expect(layoutOf({ gpus: 1, attention: "data" })).toEqual(layoutOf({}));
  });

  it("has as many GPUs as its parts make together; those of a stage share its layers", () => {
    const layout = layoutOf({ parallel: { tensor: 2, pipeline: 3, data: 4 } });
    expect([gpusOf(layout), gpusOfStage(layout)]).toEqual([24, 8]);
  });
});
