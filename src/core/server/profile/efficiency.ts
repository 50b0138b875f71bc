// How much of a datasheet is reached, and what layers cost beside: the fitted numbers of the roofline. The first five
// are the least-squares fit to the steps of the 8B model on the H100 alone (surgefleet H100 measurements, 2026-11; 101
// points, mean error 1.2 %); a test repeats the fit. With them, the 70B TP8 shard, which they have not seen, is
// predicted within 2.8 % on the average, and the 1B draft within 1.6 %.
import type { GpuSheet, MemoryKind } from "./file/hardware-keys.js";
import type { Efficiency } from "./file/roofline-keys.js";

export function fittedEfficiency(expertKernels: "fused" | "unfused" = "fused"): Efficiency {
  return {
    bandwidth: 0.8563,
    compute: 0.6756,
    attention: 0.3824,
    perLayer: 0.0346,
    overlap: 2.675,
    // Unfused: from the decode steps of Qwen3-30B-A3B on the same card, with the factors above held. Fused: four more
    // small kernels (choose, sort, activate, sum) at what one takes in a graph; an assumption.
    perExpertLayer: expertKernels === "fused" ? 0.01 : 0.0786,
  };
}

/**
 * Share of a datasheet's bandwidth that a plain copy reaches, by kind of memory. Measured: HBM3 (3.02 of 3.35 TB/s,
 * surgefleet H100 measurements, 2026-11), HBM2e (1,727 of 1,935 GB/s, mli/transformers-benchmarks issue 4, 2023-04),
 * GDDR7 (1,488 of 1,792 GB/s, voipmonitor/rtx6kpro, 2026). The others are assumptions: HBM3e between both HBMs, GDDR6
 * with its error correction on, GDDR6X without.
 */
const REACHED: Readonly<Record<MemoryKind, number>> = {
  hbm2e: 0.89,
  hbm3: 0.9,
  hbm3e: 0.89,
  gddr6: 0.86,
  gddr6x: 0.92,
  gddr7: 0.83,
};

/** What a GPU's memory reaches of its bandwidth, over what that of the GPU does which the factors were fitted on. */
export function memoryReach({ memoryKind = "hbm3", reached = REACHED[memoryKind] }: GpuSheet): number {
  return reached / REACHED.hbm3;
}
