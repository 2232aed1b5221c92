// A log each call of which is a step of the process that makes it, named after what it does.

import type { StreamTypes } from '../contract/definition.ts';
import type { CommitRequest, EventLog } from '../contract/event-log.ts';
import { inOrder } from './in-order.ts';
import { takeStep } from './life.ts';

export function steppedLog<S extends StreamTypes>(log: EventLog<S>): EventLog<S> {
  const step = <T>(what: string, work: () => Promise<T>) => takeStep(what, 'log', work);
  const commit: EventLog<S>['commit'] = (request) => step(saidOf(request), () => log.commit(request));
  return {
    commit,
    commitInOrder: (requests) => inOrder(requests, commit),
    look: (stream, after) => step(`a look at ${stream}`, () => log.look(stream, after)),
    read: (stream, ...rest) => step(`a read of ${stream}`, () => log.read(stream, ...rest)),
    firstResult: (stream, key) => step(`a look for ${key}`, () => log.firstResult(stream, key)),
    head: (stream) => step(`a look at the head of ${stream}`, () => log.head(stream)),
    now: (stream) => step('a look at the clock', () => log.now(stream)),
  };
}

function saidOf<S extends StreamTypes>({ stream, key, events, settles }: CommitRequest<S>): string {
  const types = events.map(({ type }) => type).join(', ');
  const what = key?.startsWith('once:') === true ? `the result of ${key.slice('once:'.length)}` : types;
  const said = what === '' ? `a commit in ${stream}` : `the commit of ${what} in ${stream}`;
  return settles === undefined ? said : `${said} that acknowledges`;
}
