// Which modules a server has. Asked by COMMAND INFO, which has no side effects: an empty MODULE LIST does not
// mean that a command is missing, nor the other way round. Where that is forbidden, HELLO names them.

import { greetingOf, orNotTold, primariesOf, type Valkey } from '../../streams/engine.ts';

export interface Modules {
  readonly json: boolean;
  readonly search: boolean;
}

const known = new WeakMap<Valkey, Promise<Modules>>();

/** What `probeModules` says, asked once per connection and again after a reconnect: it may be another one. */
export function modulesOf(connection: Valkey): Promise<Modules> {
  const asked = known.get(connection);
  if (asked !== undefined) return asked;
  const asking = probeModules(connection);
  known.set(connection, asking);
  const forget = () => known.delete(connection);
  connection.once('close', forget);
  asking.catch(forget);
  return asking;
}

export async function probeModules(connection: Valkey): Promise<Modules> {
  const reply = await orNotTold(() => connection.call('COMMAND', 'INFO', 'json.set', 'ft.search'));
  const [primary] = primariesOf(connection);
  if (reply === null && primary !== undefined) {
    const { modules } = await greetingOf(primary);
    return { json: modules.some((name) => /json/i.test(name)), search: modules.includes('search') };
  }
  const [json, search] = Array.isArray(reply) ? reply : [];
  return { json: Array.isArray(json), search: Array.isArray(search) };
}
