// A gateway alone, with a policy of one's own: it decides from what callers state and from signals of a pool alone.
import {
  ADMIT,
  Admission,
  type AdmissionPolicy,
  buildService,
  EventQueue,
  Gateway,
  OVERLOADED_CAPACITY,
  parseScenario,
  WAIT,
} from "../../src/core/index.js";
import { fleet } from "./fleet.js";

/** Long prompts are not let in at all while half of the places are taken. */
const shortFirst: AdmissionPolicy = {
  maxQueue: 16,
  displaceLower: false,
  watchesKv: false,
  startsByKv: false,
  queueTimeout: undefined,
  evictsLower: false,
  learns: false,
  dropsAtHead: false,
  decide: ({ inputTokens }, { slotsBusy, slots, openings }) => {
    if (inputTokens > 2000 && slotsBusy > slots / 2) return OVERLOADED_CAPACITY;
    return openings > 0 ? ADMIT : WAIT;
  },
  mayStart: () => true,
  dropsHead: () => false,
  started: () => undefined,
  settle: () => undefined,
};

const events = new EventQueue();
const { pools, admissions } = buildService(parseScenario(fleet), { seed: "1", events }).parts;
const [pool, ours] = [pools[0]!, admissions[0]!];
const signals = pool.signalsAt(events.time);
const gateway = new Gateway({
  admissions: [new Admission({ limit: ours.limit, rule: ours.rule, policy: shortFirst })],
  limits: undefined,
  retryAfter: { overloaded: undefined, rateLimited: undefined, shouldRetry: {}, jitter: 0 },
  signals: () => signals,
  chance: () => 0.5,
});
for (const [slotsBusy, inputTokens] of [
  [10, 5000],
  [20, 500],
  [20, 5000],
] as const) {
  signals.slotsBusy = slotsBusy;
  const facts = {
    account: 0,
    path: 0,
    model: 0,
    pool: 0,
    rank: 0,
    cachedTokens: 0,
    maxTokens: 100,
    inputTokens,
  };
  const verdict = gateway.decide(facts, events.time);
  console.log(`${slotsBusy} inside, a prompt of ${inputTokens}: ${verdict.kind}`);
}
