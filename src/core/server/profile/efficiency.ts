// How much of a datasheet is reached, and what layers cost beside: the fitted numbers of the roofline. All but the
// last two are the least-squares fit to the steps of the 8B model on the H100 alone (surgefleet H100 measurements,
// 2026-11; 101 points, mean error 1.2 %); a test repeats the fit. With them, the 70B TP8 shard, which they have not
// seen, is predicted within 2.8 % on the average, and the 1B draft within 1.6 %.
import type { Efficiency } from "./file/roofline-keys.js";

export function fittedEfficiency(): Efficiency {
  return {
    bandwidth: 0.8563,
    compute: 0.6756,
    attention: 0.3824,
    perLayer: 0.0346,
    overlap: 2.675,
    // From the decode steps of Qwen3-30B-A3B on the same card, with the factors above held: an engine with fused
    // kernels for its experts needs less.
    perExpertLayer: 0.0786,
    // Not measured here: about what one small all-reduce inside a node is said to take.
    perCollective: 0.01,
  };
}
