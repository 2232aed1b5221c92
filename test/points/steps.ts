// Every step that a process takes at the store, and the frames that it pushes: the one list of points. At
// each a process is aborted before it and after it. What is sent and is in none of them has no point, which
// is a failure.

/** By name: the commands that are this step. A function stands as `fcall` and its name, a key as its kind. */
export const steps = {
  'start.greet': ['client setname', 'info', 'select', 'hello', 'ping'],
  'start.ask': ['config get', 'command info', 'fcall probe'],
  'start.functions': ['function load'],
  'start.kind': ['hgetall kind', 'hset kind', 'hsetnx kind', 'hmget kind', 'hget kind'],
  'start.look': ['hscan attempts', 'xinfo groups', 'xinfo consumers'],
  'take.group': ['xgroup create'],
  'take.consumer': ['xgroup createconsumer'],
  'take.paused': ['hexists paused'],
  'take.own': ['xreadgroup own'],
  'take.left': ['xautoclaim'],
  'take.new': ['xreadgroup new'],
  'take.start': ['fcall start'],
  'take.renew': ['fcall renew'],
  'handle.look': ['fcall look'],
  'handle.read': ['xrange events'],
  'handle.head': ['hmget meta'],
  'handle.first': ['hget done'],
  'handle.now': ['fcall moment', 'time'],
  'handle.presence': ['fcall touch'],
  'handle.retracted': ['smismember retracted'],
  'handle.unentered': ['zrem unentered'],
  'handle.once': ['fcall commit note'],
  'commit.write': ['fcall commit'],
  'commit.last': ['fcall commit settling'],
  'acknowledge.entry': ['xack'],
  'acknowledge.counts': ['hdel attempts'],
  'project.documents': ['fcall put_documents'],
  'project.memory': ['hget rooms', 'fcall remember'],
  'project.boards': ['fcall publish'],
  'timers.fire': ['fcall fire'],
  'keep.trim': ['fcall trim'],
  'end.leave': ['fcall drop_consumer'],
  'end.release': ['fcall release'],
  'tell.figures': ['hset figures', 'hgetall figures', 'hdel figures'],
  'push.newest': ['xrevrange'],
  'push.read': ['xread'],
  // Of the web's sockets: what begins as a text frame of a server does.
  'push.frame': ['frame'],
} as const;

export type StepName = keyof typeof steps;

/** Steps that a short story need not come to. */
export const seldom: ReadonlySet<StepName> = new Set([
  // After a third of a lease.
  'take.renew',
  // Where a look does not reach so far.
  'handle.read',
  // Once in a while.
  'keep.trim',
  'tell.figures',
  // Where work is in hand at the end.
  'end.release',
]);

const stepOfCommand: ReadonlyMap<string, StepName> = new Map(
  Object.entries(steps).flatMap(([step, commands]) =>
    commands.map((command) => [command, step as StepName] as const),
  ),
);

/** The command of which a step is made, in the words of the list. `groups`: of the program. */
export function commandOf([name = '', ...rest]: readonly string[], groups: ReadonlySet<string>): string {
  const word = name.toLowerCase();
  const [first = ''] = rest;
  if (word === 'fcall') {
    const called = first.replace(/_[0-9a-f]{10}$/, '');
    if (called !== 'commit') return `fcall ${called}`;
    if (rest.some((one) => one.startsWith('once:'))) return 'fcall commit note';
    return rest.some((one) => groups.has(one)) ? 'fcall commit settling' : 'fcall commit';
  }
  if (word === 'xreadgroup') return rest.at(-1) === '>' ? 'xreadgroup new' : 'xreadgroup own';
  if (/^(xgroup|xinfo|client|config|command|function)$/.test(word)) return `${word} ${first.toLowerCase()}`;
  if (/^(info|select|hello|ping|time|xack|xautoclaim|xread|xrevrange)$/.test(word)) return word;
  // game:events:ABCDEF, memory:rooms, orders:done:order-1
  return `${word} ${first.split(':')[1] ?? first}`;
}

export const stepOf = (command: string): StepName | null => stepOfCommand.get(command) ?? null;
