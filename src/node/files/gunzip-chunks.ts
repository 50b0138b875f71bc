// Unpacks a gzip file in chunks, synchronously and in bounded memory. Node unpacks piecewise only in the
// background, so a worker does it, one chunk ahead at most, and the reader waits for it. fflate, which unpacks in this
// thread, was measured: it takes 2.4 times the processor time and checks neither the sum nor the length at the end of
// a file, so that a flipped bit is read as data. It does not know what the bytes mean.
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { waitFor } from "./waiting.js";

/** Where the two sides wait for each other, in 32-bit cells: chunks sent, and chunks taken. */
const SENT = 0;
const TAKEN = 1;

/** Milliseconds for one chunk, far above what a slow disk takes: a worker that died cannot say so. */
const LONGEST_WAIT_MS = 120_000;
const PAUSE_MS = 200;

/** What the worker runs. As text, since a bundle has no file of its own for it. */
const WORKER = `
const { createReadStream } = require("node:fs");
const { workerData } = require("node:worker_threads");
const { createGunzip } = require("node:zlib");
const { path, cells, port } = workerData;
function send(message) {
  port.postMessage(message);
  const sent = Atomics.add(cells, ${SENT}, 1) + 1;
  Atomics.notify(cells, ${SENT});
  for (let taken = Atomics.load(cells, ${TAKEN}); taken < sent - 1; taken = Atomics.load(cells, ${TAKEN})) {
    Atomics.wait(cells, ${TAKEN}, taken);
  }
}
const fail = (error) => send({ error: String(error.code || error.message) });
const gunzip = createGunzip({ chunkSize: 65536 });
gunzip.on("data", (bytes) => send({ bytes }));
gunzip.on("end", () => send({ end: true }));
gunzip.on("error", fail);
createReadStream(path).on("error", fail).pipe(gunzip);
`;

type Message = { readonly bytes: Uint8Array } | { readonly end: true } | { readonly error: string };

/** Thrown for what cannot be unpacked; `code` is zlib's or the system's. */
export class GunzipError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`cannot unpack: ${code}`);
    this.code = code;
  }
}

/** Yields the unpacked bytes. The worker ends when the caller stops, whether at the end or before. */
export function* gunzipChunks(path: string): Generator<Uint8Array, void, undefined> {
  const cells = new Int32Array(new SharedArrayBuffer(8));
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(WORKER, {
    eval: true,
    // Flags of this process, such as one that makes all evaluated text a module, are not for the worker.
    execArgv: [],
    workerData: { path, cells, port: port2 },
    transferList: [port2],
  });
  worker.unref();
  try {
    for (let taken = 0; ; taken++) {
      const message = take(port1, cells, taken);
      if ("error" in message) throw new GunzipError(message.error);
      if ("end" in message) return;
      yield message.bytes;
    }
  } finally {
    port1.close();
    void worker.terminate();
  }
}

function take(port: MessagePort, cells: Int32Array, taken: number): Message {
  const isSent = waitFor(() => Atomics.load(cells, SENT) > taken || undefined, {
    patienceMs: LONGEST_WAIT_MS,
    pause: () => Atomics.wait(cells, SENT, taken, PAUSE_MS),
  });
  if (isSent === undefined) throw new GunzipError("unpacking has stopped");
  const received = receiveMessageOnPort(port) as { readonly message: Message };
  Atomics.store(cells, TAKEN, taken + 1);
  Atomics.notify(cells, TAKEN);
  return received.message;
}
