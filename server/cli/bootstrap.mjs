#!/usr/bin/env node
// Makes a bare checkout run: installs the packages, then runs the TypeScript of this project on a Node
// that can. It is plain JavaScript for Node 20 and newer and uses no package, because it runs before
// there are any.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const modules = join(checkout, 'node_modules');
const stampFile = join(modules, '.arena-stamp');
const installing = join(checkout, '.arena-installing');
const installMsMax = 10 * 60_000;
const parentLookMs = 250;
// A child that ends in order takes less. One caught in a loop obeys no signal but SIGKILL.
const endMsMax = 6_000;

const say = (line) => process.stderr.write(`arena: ${line}\n`);

function fail(line) {
  say(line);
  process.exit(1);
}

/** The running Node if it strips types, else the Node 24 that the packages brought. */
function findNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 12)) return process.execPath;
  const own = join(modules, `node-${process.platform}-${process.arch}`, 'bin', 'node');
  return existsSync(own) ? own : null;
}

/**
 * Packages are right if they were installed from this lock file, for this kind of machine. Tests and
 * tools want those for development as well, the arena itself does without.
 */
const wantedStamp = () => {
  const lock = readFileSync(join(checkout, 'package-lock.json'));
  return createHash('sha256').update(lock).update(`${process.platform}-${process.arch}`).digest('hex');
};
const stampOf = (development) => (development ? wantedStamp() : `${wantedStamp()} without development`);

/** The stamp is made newer than the lock file it is of, for `start.sh`, which compares no more than that. */
function isInstalled(development) {
  const stamp = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : null;
  if (stamp !== stampOf(true) && (development || stamp !== stampOf(false))) return false;
  const now = new Date();
  if (canWrite(stampFile)) utimesSync(stampFile, now, now);
  return true;
}

function npmCommand() {
  const beside = join(dirname(process.execPath), '..', 'lib/node_modules/npm/bin/npm-cli.js');
  const script = [process.env.npm_execpath, beside].find((file) => file?.endsWith('.js') && existsSync(file));
  return script === undefined ? ['npm'] : [process.execPath, script];
}

function canWrite(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function install(development) {
  const startedAt = Date.now();
  while (!takeLock()) {
    if (Date.now() - startedAt > installMsMax)
      fail(`another start seems to install for ever; remove ${installing}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (isInstalled(development)) return;
  }
  // Also where it fails, which ends the process.
  process.once('exit', leaveLock);
  if (!isInstalled(development)) {
    const what = development ? 'packages, with those for tests,' : 'packages';
    say(`installing ${what} from the lock file (the first time only)`);
    for (const name of ['package.json', 'package-lock.json', '.npmrc'])
      copyFileSync(join(checkout, name), join(installing, name));
    npmCi(installing, development);
    takeInto(modules);
    say(`packages are there after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  }
  process.off('exit', leaveLock);
  leaveLock();
}

const leaveLock = () => rmSync(installing, { recursive: true, force: true });

function npmCi(folder, development) {
  const [command, ...first] = npmCommand();
  const kinds = [development ? '--include=dev' : '--omit=dev', '--include=optional'];
  const args = [...first, 'ci', ...kinds, '--ignore-scripts', '--no-audit', '--no-fund'];
  if (!canWrite(homedir())) args.push('--cache', join(checkout, '.arena', 'npm'));
  const { status, error, stderr } = spawnSync(command, [...args, '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (error !== undefined) fail(`npm could not be run (${error.message}); install npm 10 or newer`);
  if (status !== 0) fail(`npm ci failed; is the registry within reach?\n${stderr.trim()}`);
  const fresh = join(folder, 'node_modules');
  // Of Node its program alone is run. What else comes with it, above all headers for C++, is 68 MB.
  for (const name of readdirSync(fresh).filter((name) => /^node-\w+-\w+$/.test(name)))
    for (const part of ['include', 'share', 'lib'])
      rmSync(join(fresh, name, part), { recursive: true, force: true });
  // Written last: where this file is, all packages are.
  writeFileSync(join(fresh, basename(stampFile)), stampOf(development));
}

/** The packages of before stay until the new ones are whole: an arena that runs may load another of them. */
function takeInto(target) {
  const before = join(installing, 'before');
  if (existsSync(target)) renameSync(target, before);
  renameSync(join(installing, 'node_modules'), target);
}

/** The lock is a folder: only one process can make it. Its file says which, so that no dead one holds it. */
function takeLock() {
  try {
    mkdirSync(installing);
    writeFileSync(join(installing, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST')
      fail(`cannot write to ${checkout} (${error.code}); make it writable for this user`);
    if (isLeft()) leaveLock();
    return false;
  }
}

/** Of a process that is gone; or, where that cannot be seen, older than any installation. */
function isLeft() {
  const age = Date.now() - (statSync(installing, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  if (age > installMsMax) return true;
  try {
    const holder = readFileSync(join(installing, 'pid'), 'utf8');
    return holder !== '' && process.kill(Number(holder), 0) === false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/** A folder in the checkout that other users can neither read nor write. */
function ownFolder(name) {
  const folder = join(checkout, name);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
  } catch {
    // In the checkout of another user this fails, and the program runs all the same.
  }
  return folder;
}

/** Runs the program as a child. It ends with this process, and this process exits with its code. */
function run(node, args) {
  const PATH = `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`;
  // Node keeps its compiled code here, so six processes start twice as fast. They run without it, too.
  const NODE_COMPILE_CACHE = process.env.NODE_COMPILE_CACHE ?? ownFolder(join('.arena', 'compile-cache'));
  const child = spawn(node, args, {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PATH, NODE_COMPILE_CACHE },
  });
  const parent = process.ppid;
  // When npm is killed it does not end its children; without this a killed `npm start` would leave all
  // running.
  setInterval(() => process.ppid !== parent && end('SIGTERM'), parentLookMs).unref();
  let ending = false;
  const end = (signal) => {
    child.kill(signal);
    if (!ending) setTimeout(() => child.kill('SIGKILL'), endMsMax);
    ending = true;
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => end(signal));
  child.on('error', (error) => fail(`${node} could not be run: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}

const [first, file, ...rest] = process.argv.slice(2);
// What is run by its file is a test or a tool.
const development = first === '--run';
if (!isInstalled(development)) await install(development);
const node = findNode();
if (node === null) {
  fail(
    `Node 24.12 or newer is needed and there is none for ${process.platform}-${process.arch} among the packages; install it`,
  );
}
const program = development
  ? [join(checkout, file ?? ''), ...rest]
  : [join(checkout, 'server/cli/arena.ts'), ...process.argv.slice(2)];
run(node, program);
