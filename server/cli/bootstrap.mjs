#!/usr/bin/env node
// Makes a bare checkout run: installs the packages, then runs the TypeScript of this project on a Node that
// can. It is plain JavaScript for Node 20 and newer and uses no package, because it runs before there are
// any.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
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

/** Packages are right if they were installed from this lock file, for this kind of machine. */
function wantedStamp() {
  const lock = readFileSync(join(checkout, 'package-lock.json'));
  return createHash('sha256').update(lock).update(`${process.platform}-${process.arch}`).digest('hex');
}

/** The stamp is made newer than the lock file it is of, for `start.sh`, which compares no more than that. */
function isInstalled() {
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== wantedStamp()) return false;
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

async function install() {
  const startedAt = Date.now();
  while (!takeLock()) {
    if (Date.now() - startedAt > installMsMax)
      fail(`another start seems to install for ever; remove ${installing}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (isInstalled()) return;
  }
  try {
    if (isInstalled()) return;
    say('installing packages from the lock file (the first time only)');
    const [command, ...first] = npmCommand();
    const args = [
      ...first,
      'ci',
      '--include=dev',
      '--include=optional',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
    ];
    if (!canWrite(homedir())) args.push('--cache', join(checkout, '.arena', 'npm'));
    const { status, error, stderr } = spawnSync(command, [...args, '--loglevel=error'], {
      cwd: checkout,
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    });
    if (error !== undefined) fail(`npm could not be run (${error.message}); install npm 10 or newer`);
    if (status !== 0) fail(`npm ci failed; is the registry within reach?\n${stderr.trim()}`);
    // Written last: where this file is, all packages are.
    writeFileSync(stampFile, wantedStamp());
    say(`packages are there after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  } finally {
    rmdirSync(installing);
  }
}

/**
 * The lock is a folder: only one process can make it. A lock that is too old is of a process that was killed.
 */
function takeLock() {
  try {
    mkdirSync(installing);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST')
      fail(`cannot write to ${checkout} (${error.code}); make it writable for this user`);
    const age = Date.now() - (statSync(installing, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > installMsMax) rmdirSync(installing);
    return false;
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

if (!isInstalled()) await install();
const node = findNode();
if (node === null) {
  fail(
    `Node 24.12 or newer is needed and there is none for ${process.platform}-${process.arch} among the packages; install it`,
  );
}
const [first, file, ...rest] = process.argv.slice(2);
const program =
  first === '--run'
    ? [join(checkout, file ?? ''), ...rest]
    : [join(checkout, 'server/cli/arena.ts'), ...process.argv.slice(2)];
run(node, program);
