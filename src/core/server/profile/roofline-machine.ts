// What a roofline's file names, looked up and put together: the shape and what one GPU has of it, datasheet, link,
// factors. Knows no step.
import { gpuSheet, linkSheet } from "./catalogue.js";
import { fittedEfficiency, memoryReach } from "./efficiency.js";
import type { GpuSheet, LinkSheet, ModelShape, Precision } from "./file/hardware-keys.js";
import type { Efficiency, RooflineFile } from "./file/roofline-keys.js";
import { type GpuShare, shareOf } from "./model-shape.js";
import { type Layout, layoutOf } from "./parallel.js";

/** What stays the same over all passes: shape, hardware, efficiency. */
export interface Machine {
  readonly shape: ModelShape;
  readonly layout: Layout;
  readonly share: GpuShare;
  readonly gpu: GpuSheet;
  readonly link: LinkSheet;
  readonly efficiency: Efficiency;
  /** Bytes read in a millisecond. */
  readonly bandwidth: number;
  readonly collectives: boolean;
}

export function machineOf(file: RooflineFile, shape: ModelShape): Machine {
  const layout = layoutOf(file);
  const gpu = gpuSheet(file.gpu);
  const efficiency = { ...fittedEfficiency(file.expertKernels), ...file.efficiency };
  const { perCollective } = efficiency;
  const link = linkSheet(gpu.link);
  return {
    shape,
    layout,
    share: shareOf(shape, layout),
    gpu,
    link: perCollective === undefined ? link : { ...link, latency: perCollective },
    efficiency,
    bandwidth: gpu.bandwidth * 1e9 * efficiency.bandwidth * memoryReach(gpu),
    collectives: file.collectives ?? true,
  };
}

/** Milliseconds to do so many operations at the datasheet's rate; a GPU without a precision uses the next wider. */
export function millisOf(ops: number, { flops }: GpuSheet, precision: Precision): number {
  const wider = { bf16: flops.bf16, fp8: flops.fp8 ?? flops.bf16, fp4: flops.fp4 ?? flops.fp8 ?? flops.bf16 };
  return ops / (wider[precision] * 1e9);
}

/** Milliseconds to read so many bytes at the achieved bandwidth. */
export const millisToRead = (bytes: number, { bandwidth }: Machine): number => bytes / bandwidth;
