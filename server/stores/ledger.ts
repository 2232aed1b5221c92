// What models cost, by day, for all rooms together: a hash per day of the server's clock (UTC), forgotten
// after a while.

import { type Cost, nothingSpent, plusCost, type Spent } from '../../core/claim.ts';
import { limits } from '../../core/limits.ts';
import { dayMs, dayOf, nowOf, orFault, type Valkey } from '../../streams/parts.ts';
import type { GameKeys } from './keys.ts';

export function createLedger(connection: Valkey, keys: GameKeys) {
  const keyNow = async (): Promise<string> => keys.spent(dayOf(await nowOf(connection)));
  return {
    async add(cost: Cost): Promise<void> {
      const { tokens, usd } = plusCost(nothingSpent, cost);
      await orFault(async () => {
        const key = await keyNow();
        await Promise.all([
          connection.hincrby(key, 'tokens', tokens),
          connection.hincrbyfloat(key, 'usd', usd),
          connection.pexpire(key, limits.spentDaysKept * dayMs),
        ]);
      });
    },
    async today(): Promise<Spent> {
      const [tokens, usd] = await orFault(async () => connection.hmget(await keyNow(), 'tokens', 'usd'));
      return { tokens: Number(tokens ?? 0), usd: Number(usd ?? 0) };
    },
  };
}
