// What it takes to bring together what the GPUs of a replica have each computed a part of: latency, and bytes over the
// rate that a link reaches. Two shapes of links: GPUs that each read all others at once (NVLink through a switch,
// Infinity Fabric) sum small messages in one exchange, of everything, and large ones in two, of a part each; GPUs that
// reach one neighbour at a time (PCIe) pass parts around a ring. Knows no models.
// Sources of the forms: Thakur, Rabenseifner, Gropp, "Optimization of collective communication operations in MPICH"
// (2005), for the ring; vllm-project/vllm pull request 2192 (2023-12) for one and two exchanges.
import type { LinkSheet } from "./file/hardware-keys.js";

/** Milliseconds until every GPU has the sum of so many bytes that each has of its own. */
export function allReduceMillis(link: LinkSheet, gpus: number, bytes: number): number {
  if (gpus < 2) return 0;
  const { latency, hop, peers } = link;
  const inParts = sendMillis(link, (2 * (gpus - 1) * bytes) / gpus);
  if (peers === "ring") return latency + (2 * (gpus - 1) - 1) * hop + inParts;
  return latency + Math.min(sendMillis(link, (gpus - 1) * bytes), hop + inParts);
}

/** Milliseconds until so many bytes of each GPU have been spread evenly over all of them. */
export function allToAllMillis(link: LinkSheet, gpus: number, bytes: number): number {
  if (gpus < 2) return 0;
  const rounds = link.peers === "ring" ? gpus - 1 : 1;
  return link.latency + (rounds - 1) * link.hop + sendMillis(link, ((gpus - 1) * bytes) / gpus);
}

/** Milliseconds to hand so many bytes to the next GPU. */
export function handOverMillis(link: LinkSheet, bytes: number): number {
  return link.latency + sendMillis(link, bytes);
}

/** `bandwidth` is in GB/s. */
function sendMillis({ bandwidth, achieved }: LinkSheet, bytes: number): number {
  return bytes / (bandwidth * achieved * 1e6);
}
