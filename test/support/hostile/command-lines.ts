// The words of a command, as nobody means to write them.
import type { Draw } from "../draw.js";
import { oddText } from "./odd.js";
import { RUN } from "./texts.js";

const COMMANDS: readonly string[] = [
  "run s.yaml --seeds 1 --workers 1 --quiet --out out --seed 7 --set duration=1s",
  "run s.yaml --no-out --json --seeds 2 --workers 1 --max-time 10m --quiet",
  "validate s.yaml --set pools.shared.replicas=2",
  "check s.yaml --seeds 2 --workers 1 --margin 2% --metric ttft --json --quiet",
  "compare s.yaml --variant pools.shared.replicas=2 --seeds 2 --workers 1 --json",
  "compare s.yaml --policies tail-drop,saturation;queueDepth=3 --pool shared --seeds 2 --workers 1",
  "plan s.yaml --find replicas=1..2 --most 4 --demand 1 --survey 0 --workers 1 --confidence 90% --json",
  "trace inspect t.csv --format generic --from 1s --to 10m --sample 50% --limit 9 --json",
  "trace inspect t.csv --column input_tokens=input_tokens --ignore model --unit s --inversions sort --json",
  "trace convert t.csv out.csv --to generic --rate-scale 2 --repeat 2",
  "trace fit t.csv --out out.yaml",
  "trace generate s.yaml --out out.csv",
  "validate-profile llama-3.1-8b-h100 --requests r.csv --max-sequences 8 --kv-tokens 100k --timeout 5s --json",
  "calibrate steps.csv --rows decode=1,2,4 --name x --kv-tokens 1k --max-error 5% --out out.json",
  "policy show tail-drop",
  "report nowhere --open never",
  "schema",
  "init out.yaml --template quickstart",
];
const KEYS = [
  "pools.shared.replicas",
  "duration",
  "traffic.calls.arrivals.rate",
  "seed",
  "__proto__.x",
  "a..b",
  "",
];

/** Files that these words name. */
export const COMMAND_FILES: Readonly<Record<string, string>> = {
  "s.yaml": RUN,
  "t.csv": "timestamp,input_tokens,output_tokens,model\n1,2,3,m\n2,3,4,m\n",
  "r.csv":
    "arrival_s,prompt_tokens,output_tokens,first_token_s,finish_s\n0,100,20,0.02,0.15\n0.1,100,20,0.12,0.25\n",
  "steps.csv": "n_decode,sum_context,prefill_tokens,step_ms_p50\n1,128,0,6.28\n2,256,0,6.4\n",
};

export function oddWords(draw: Draw): readonly string[] {
  const words = draw.pick(COMMANDS).split(" ");
  for (let count = draw.whole(1, 2); count > 0; count -= 1) change(words, draw);
  // A real command line ends a word there.
  return words.map((word) => word.replaceAll("\0", ""));
}

function change(words: string[], draw: Draw): void {
  const flags = words.flatMap((word, index) => (word.startsWith("--") ? [index] : []));
  const at = draw.chance(0.7) && flags.length > 0 ? draw.pick(flags) : draw.whole(0, words.length - 1);
  const word = words[at] ?? "";
  const short = oddText(draw).slice(0, 5000);
  const how = draw.whole(0, 7);
  if (how === 0) words.splice(at, 1);
  else if (how === 1) words.splice(at, 0, word);
  else if (how === 2) words[at] = misspelt(word, draw);
  else if (how === 3) words.splice(at + 1, 1, short);
  else if (how === 4) words.splice(at + 1, 1);
  else if (how === 5) words.push(short);
  else if (how === 6) words.push("--set", `${draw.pick(KEYS)}${draw.pick(["=", "==", ""])}${short}`);
  else words.push(draw.pick(flags.map((index) => words[index]!).concat("--seed")), short);
}

function misspelt(word: string, draw: Draw): string {
  const at = draw.whole(0, Math.max(0, word.length - 1));
  return word.slice(0, at) + draw.pick(["", "x", "É", "\u202e", " "]) + word.slice(at + 1);
}
