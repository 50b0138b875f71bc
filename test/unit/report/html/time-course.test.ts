import { describe, expect, it } from "vitest";
import { timeCourseKey, timeCourseSvg } from "../../../../src/core/report/html/time-course.js";

const sides = [
  { name: "recorded", tone: 0, values: [0, 5, 10, 5] },
  { name: "simulated <b>", tone: 1, values: [0, 0, 0, 0] },
];

describe("a time course", () => {
  it("is a stepped line for each side on one scale, from the start to the end", () => {
    const { text } = timeCourseSvg({ label: "batch", stretch: 15, sides });
    const [recorded, simulated] = [...text.matchAll(/d="([^"]+)"/g)].map(([, path]) => path!);
    expect(recorded).toBe("M64,192V192H184V102H304V12H424V102H544");
    expect(simulated).toBe("M64,192V192H184V192H304V192H424V192H544");
    expect(text).toMatch(/>10\.0<[\s\S]*>0s<[\s\S]*>1m</);
    expect(text).not.toContain("<b>");
  });

  it("draws nothing but zeros as a line at the bottom", () => {
    expect(timeCourseSvg({ label: "b", stretch: 1, sides: [sides[1]!] }).text).not.toMatch(/NaN|Infinity/);
  });

  it("says whose line is which", () => {
    expect(timeCourseKey(sides).text).toMatch(/tone-0.*recorded.*tone-1.*simulated &lt;b&gt;/);
  });
});
