// `arena retract`: an operator takes a claim back. It asks first, unless `--yes` is given.

import type { Config } from '../../config/config.ts';
import { type RetractRequest, retractRound } from '../../operate/retract.ts';
import { confirm } from '../terminal/confirm.ts';
import { print } from '../terminal/output.ts';
import { roomCode } from './look.ts';
import { withOperator } from './with-operator.ts';

export interface RetractOptions {
  readonly reason: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** @throws CannotStart for a wrong code or without a yes; Fault when the round cannot be taken back. */
export async function retract(
  config: Config,
  room: string,
  round: string,
  options: RetractOptions,
): Promise<void> {
  const request: RetractRequest = { room: roomCode(room), round, reason: options.reason };
  await confirm(`Take back round ${round} of ${request.room}? Type yes: `, options);
  await withOperator(config, async (operator) => {
    const taken = await retractRound(operator, request);
    const { question, players, factKey, again } = taken;
    const said = again
      ? `It had been taken back before: ${question}`
      : `Taken back: ${question}\nPoints of ${players} ${players === 1 ? 'player' : 'players'} are gone, and ${factKey} is never asked again.`;
    print(options.json === true ? JSON.stringify(taken) : said);
  });
}
