// What a server says about itself. INFO is forbidden to many users, as @dangerous; HELLO is to none, and says
// less.

import type { Redis } from 'iovalkey';
import { Fault } from '../contract/fault.ts';
import { orFault } from './connection.ts';
import { fieldsOf } from './fields.ts';

/** Null where our user may not ask. Throws Fault. */
export const infoOf = (server: Redis, ...sections: readonly string[]): Promise<string | null> =>
  orNotTold(() => server.info(...sections));

/** What was asked for; null where our user may not. Throws Fault. */
export async function orNotTold<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await orFault(ask);
  } catch (error) {
    if (error instanceof Fault && error.code === 'not_permitted') return null;
    throw error;
  }
}

export interface Greeting {
  readonly version: string;
  readonly cluster: boolean;
  readonly replica: boolean;
  /** Names of modules, as each gives its own. */
  readonly modules: readonly string[];
}

/** Throws Fault. */
export async function greetingOf(server: Redis): Promise<Greeting> {
  const reply = await orFault(() => server.call('HELLO'));
  const fields: Readonly<Record<string, unknown>> = fieldsOf(Array.isArray(reply) ? reply : []);
  const { modules } = fields;
  return {
    version: String(fields['version'] ?? '?'),
    cluster: fields['mode'] === 'cluster',
    replica: fields['role'] === 'replica' || fields['role'] === 'slave',
    modules: Array.isArray(modules) ? modules.map((one) => String(fieldsOf(one)['name'])) : [],
  };
}
