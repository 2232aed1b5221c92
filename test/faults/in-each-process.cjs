// Laid over every process of a world with `--require`: its clock goes wrong by what a file says, and it
// ends with the process that started it. What the file was last seen to say is written beside it, so that
// the runner knows that the clock was wrong.

const { readFileSync, writeFileSync } = require('node:fs');

const file = process.env.FAULTS_CLOCK;
const parent = process.ppid;
const lookMs = 50;
const ownerLookMs = 300;

const Real = Date;
const realNow = Real.now;
let offsetMs = 0;
let nextLook = 0;

function look() {
  nextLook = performance.now() + lookMs;
  let said = 0;
  try {
    said = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    // No file yet: the clock is right.
  }
  if (said === offsetMs) return;
  offsetMs = said;
  writeFileSync(`${file}.seen`, String(said));
}

function now() {
  if (performance.now() >= nextLook) look();
  return realNow() + offsetMs;
}

if (file !== undefined) {
  Real.now = now;
  globalThis.Date = new Proxy(Real, {
    construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [now()] : args, made),
    apply: () => new Real(now()).toString(),
  });
}
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  if (file !== undefined) now();
}, ownerLookMs).unref();
