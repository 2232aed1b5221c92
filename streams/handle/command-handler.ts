// The write path: load, decide, commit; on a conflict decide again. All writers come through
// here. In one process the commands of a stream queue up, because conflicts among a thousand at once cost
// seconds.

import type { Decided, Rejection, Stale, StreamDefinition, StreamTypes } from '../contract/definition.ts';
import type { CommitOutcome, CommitRequest, EventLog } from '../contract/event-log.ts';
import { Fault } from '../contract/fault.ts';
import { limits } from '../contract/limits.ts';
import type { CommandHandler, Context, Handled } from '../contract/task.ts';
import { createRequests, recorded, whyUnfolded } from './commit-requests.ts';
import type { Folded } from './fold.ts';
import { createFoldCache } from './fold-cache.ts';
import { createLanes } from './lanes.ts';
import { createPermits } from './permits.ts';
import { type Asked, isMaker, type LaneOf, settleAlong, takeAlong, type WritePath } from './take-along.ts';

export function createCommandHandler<S extends StreamTypes>(
  log: EventLog<S>,
  definition: StreamDefinition<S>,
  /** Ids of events; ULIDs unless given. */
  nextId?: () => string,
): CommandHandler<S> {
  const cache = createFoldCache(log, definition);
  const requests = createRequests(definition, nextId);
  const permits = createPermits(limits.commandsAtOnce);
  const path: WritePath<S> = { log, definition, cache, requests, permits };
  // The permit comes after the stream's own lane, so that those who wait for one stream keep none.
  const lanes = createLanes<S['id'], Asked<S>, Handled<S>>((asked, lane) =>
    permits.run(() => handle(path, asked, lane)),
  );
  return {
    load: (stream) => permits.run(() => cache.load(stream)),
    open: (stream, fromRev) => permits.run(() => cache.open(stream, fromRev)),
    async handle(stream, command, context, fresh = false) {
      refuseId(definition, stream);
      return lanes.run(stream, { stream, command, context, fresh });
    },
    async append(stream, make, context) {
      refuseId(definition, stream);
      return permits.run(() => append(path, stream, make, context));
    },
  };
}

async function append<S extends StreamTypes>(
  path: WritePath<S>,
  stream: S['id'],
  make: Parameters<CommandHandler<S>['append']>[1],
  context: Context<S>,
): Promise<CommitOutcome<S>> {
  const { log, definition, cache, requests } = path;
  const known = cache.peek(stream);
  const wanted = known === undefined ? null : make(known, false);
  if (known !== undefined && wanted !== null) {
    const request = requests.ofAppend(stream, known, wanted, context);
    // What is known may be behind: an event that does not fold onto it may fold onto the head of the log.
    if (whyUnfolded(definition, request, known) === null) return log.commit(request);
  }
  const folded = await cache.load(stream);
  const fresh = make(folded, true);
  if (fresh === null) throw new Error('the head of the log was given, and no append came of it');
  const request = requests.ofAppend(stream, folded, fresh, context);
  const fault = whyUnfolded(definition, request, folded);
  return fault === null ? log.commit(request) : unfolded(path, request, fault);
}

/**
 * What comes of an append that does not fold onto the head of the log: a repeat gets its first result and
 * guards refuse first, as they would in the commit. Throws the fault otherwise; nothing is written.
 */
async function unfolded<S extends StreamTypes>(
  { log }: WritePath<S>,
  { stream, key, expect }: CommitRequest<S>,
  fault: Fault,
): Promise<CommitOutcome<S>> {
  const first = key === null ? null : await log.firstResult(stream, key);
  if (first !== null) return { status: 'dup', ...first };
  const nothing = { events: [], effects: { meta: [], timers: [] } };
  const outcome = await log.commit({ stream, key: null, expect, ...nothing });
  if (outcome.status === 'refused') return outcome;
  throw fault;
}

/** No consumer could read an entry of the feed under such an id. */
function refuseId<S extends StreamTypes>({ name, parseId }: StreamDefinition<S>, stream: S['id']): void {
  // Whatever the compiler was told: a cast, or a program without types.
  const id: unknown = stream;
  if (typeof id === 'string' && parseId(id) === id) return;
  const said = typeof id === 'string' ? quoted(id) : `a ${typeof id}`;
  const why = typeof id === 'string' ? whyNoId(id) : 'an id is a text';
  const refused = `${said} is no id for a stream of ${name}: ${why}`;
  throw new Fault('bad_stream_id', refused, { retryable: false });
}

const quoted = (text: string): string =>
  JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}… (${text.length} characters)` : text);

const whyNoId = (id: string): string =>
  id.length >= 1 && id.length <= limits.streamIdCharsMax && !/[\s|{}]/.test(id)
    ? 'its parseId does not take it'
    : `an id has 1 to ${limits.streamIdCharsMax} characters, none of them white space, "|", "{" or "}"`;

async function handle<S extends StreamTypes>(
  path: WritePath<S>,
  asked: Asked<S>,
  lane: LaneOf<S>,
): Promise<Handled<S>> {
  const { stream, context } = asked;
  const before = context.intent === undefined ? null : await askedBefore(path, stream, context);
  if (before !== null) return before;
  let known = asked.fresh || lane.follows ? path.cache.peek(stream) : undefined;
  for (let tries = 0; tries < limits.conflictsMax; tries++) {
    const folded = known ?? (await path.cache.load(stream));
    const made = isMaker(asked.command) ? asked.command(folded) : asked.command;
    // It may wait for another command, which needs a permit, too.
    const command = made instanceof Promise ? await path.permits.aside(made) : made;
    const decision = path.definition.decide(command, folded.state);
    // Only a commit of events finds out whether the stream still is as it was known.
    const exact = known !== undefined;
    known = undefined;
    if (exact && !('events' in decision && decision.events.length > 0)) continue;
    if ('rejected' in decision) return rejected(path, { stream, folded, command, context }, decision);
    const handled = await carryOut(path, { stream, folded, context, exact }, decision, lane);
    if (handled !== 'conflict') return handled;
  }
  const said = `stream ${stream}: ${limits.conflictsMax} conflicts in a row`;
  throw new Fault('too_many_conflicts', said, { retryable: true });
}

/** Commits what was decided. A conflict means: look again. */
async function carryOut<S extends StreamTypes>(
  path: WritePath<S>,
  decidedOn: DecidedOn<S>,
  decision: Decided<S['newEvent']> | Stale,
  lane: LaneOf<S>,
): Promise<Handled<S> | 'conflict'> {
  const { stream, folded, context, exact } = decidedOn;
  const nothing = 'stale' in decision ? 'stale' : 'nothing';
  const decided: Decided<S['newEvent']> = 'stale' in decision ? { events: [] } : decision;
  // That an intent found nothing to do is kept, too: sent again later it would find something.
  const kept = context.settles !== undefined || context.intent !== undefined;
  if (decided.events.length + (decided.timers ?? []).length === 0 && !kept) {
    return { status: nothing, folded };
  }
  const request = path.requests.ofDecision(stream, folded, decided, context, exact);
  const along = takeAlong(path, request, folded, lane);
  if (along.length === 0) {
    return comeTo(path, { ...decidedOn, request, nothing }, await path.log.commit(request));
  }
  const [own, ...others] = commitTogether(path.log, request, along);
  // Heard from now on: one that is rejected while its own is still on its way would end the process.
  const outcomes = Promise.allSettled(others);
  try {
    const handled = await comeTo(path, { ...decidedOn, request, nothing }, await own);
    if (handled !== 'conflict') lane.tell(handled);
    return handled;
  } finally {
    await settleAlong(path, along, await outcomes, lane);
  }
}

/** What comes of a commit and of those that go along with it. A log that throws is told to each of them. */
function commitTogether<S extends StreamTypes>(
  log: EventLog<S>,
  request: CommitRequest<S>,
  along: readonly { readonly request: CommitRequest<S> }[],
): [own: Promise<CommitOutcome<S>>, ...others: Promise<CommitOutcome<S>>[]] {
  try {
    const [own, ...others] = log.commitInOrder([request, ...along.map((one) => one.request)]);
    if (own !== undefined) return [own, ...others];
    throw new Error('a log told nothing of a commit');
  } catch (error) {
    return [Promise.reject(error), ...along.map(() => Promise.reject(error))];
  }
}

/** `exact`: decided by what was known of the stream, without another look at it. */
interface DecidedOn<S extends StreamTypes> extends Omit<Refused<S>, 'command'> {
  readonly exact: boolean;
}

interface Committed<S extends StreamTypes> extends Omit<Refused<S>, 'command'> {
  readonly request: CommitRequest<S>;
  /** What it is called where no event was wanted. */
  readonly nothing: 'stale' | 'nothing';
}

/** What came of a commit. */
async function comeTo<S extends StreamTypes>(
  path: WritePath<S>,
  { stream, folded, context, request, nothing }: Committed<S>,
  outcome: CommitOutcome<S>,
): Promise<Handled<S> | 'conflict'> {
  if (outcome.status === 'conflict') return 'conflict';
  if (outcome.status === 'refused') {
    path.cache.evict(stream);
    // It has begun, or left the store, since it was loaded: this is decided anew on it as it stands.
    const { exists, missing } = path.definition.codes;
    if (outcome.code === (folded.rev > 0 ? missing : exists)) return 'conflict';
    return { status: 'rejected', code: outcome.code, detail: null };
  }
  const meanwhile = outcome.status === 'dup' ? await askedBefore(path, stream, context) : null;
  if (meanwhile !== null) return meanwhile;
  if (request.events.length === 0) return { status: nothing, folded };
  if (outcome.status === 'dup') {
    return { status: 'dup', note: outcome.note, folded: await path.cache.load(stream) };
  }
  const events = recorded(request, outcome);
  return { status: 'done', events, folded: await path.cache.append(stream, folded, events) };
}

/** What an intent that was done before comes to now; null where it is new, or there is none. */
async function askedBefore<S extends StreamTypes>(
  { log, definition, cache }: WritePath<S>,
  stream: S['id'],
  { intent }: Context<S>,
): Promise<Handled<S> | null> {
  const first = intent === undefined ? null : await log.firstResult(stream, intent.key);
  if (first === null) return null;
  if (first.note !== intent?.content) {
    return { status: 'rejected', code: definition.codes.reused, detail: null };
  }
  return { status: 'dup', note: first.note, folded: await cache.load(stream) };
}

/**
 * A repeat is often refused because of what its first time changed, so the key is asked first. What was done
 * then is acknowledged now.
 */
async function rejected<S extends StreamTypes>(
  { log, definition, requests }: WritePath<S>,
  { stream, folded, command, context }: Refused<S>,
  { rejected: code, detail, reason }: Rejection<S['code']>,
): Promise<Handled<S>> {
  const key = definition.keyOf(command);
  const first = key === null ? null : await log.firstResult(stream, key);
  if (first === null) {
    return { status: 'rejected', code, detail: detail ?? null, ...(reason === undefined ? {} : { reason }) };
  }
  if (context.settles !== undefined) {
    await log.commit(requests.ofDecision(stream, folded, { events: [], key }, context));
  }
  return { status: 'dup', note: first.note, folded };
}

interface Refused<S extends StreamTypes> {
  readonly stream: S['id'];
  readonly folded: Folded<S>;
  readonly command: S['command'];
  readonly context: Context<S>;
}
