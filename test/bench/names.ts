// The benchmarks by name, in the order in which they are told: `test/bench/<name>.ts` is each one's file and
// exports `bench(json)`.

export const benchmarks = {
  engine: 'a step, an answer and reading a log, beside the bare commands and BullMQ',
  answers: 'answers through a real server: saturation, and delay at half of it, beside a bare WebSocket echo',
  fanout: 'the CPU of a message delivered to thousands of sockets, beside a ws loop and Socket.IO',
  handoff: 'from the commit of an event to the start of the next handler, beside a blocked XREADGROUP',
  replay: 'reading and folding a million events, beside XRANGE and JSON.parse',
  scale: 'CPU and bytes of an answer from 1 to 1,000 rooms and up to 10,000 players in one',
  start: 'npm start to the first question, and what an idle stack takes',
  flow: 'the gap between rounds while the models take 0, 4 and 8 seconds',
  capacity:
    'what a node, a cluster and 100 gateways carry by a model, which a run of answers has to bear out',
} as const;

export type BenchmarkName = keyof typeof benchmarks;

export const isBenchmark = (name: string | undefined): name is BenchmarkName =>
  name !== undefined && Object.hasOwn(benchmarks, name);
