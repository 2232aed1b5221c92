// Which modules a server has. Asked by COMMAND INFO, which has no side effects: an empty MODULE LIST does not
// mean that a command is missing, nor the other way round.

import { asFault, type Valkey } from './connection.ts';

export interface Modules {
  readonly json: boolean;
  readonly search: boolean;
}

export async function probeModules(connection: Valkey): Promise<Modules> {
  try {
    const reply = await connection.call('COMMAND', 'INFO', 'json.set', 'ft.search');
    const [json, search] = Array.isArray(reply) ? reply : [];
    return { json: Array.isArray(json), search: Array.isArray(search) };
  } catch (error) {
    throw asFault(error);
  }
}
