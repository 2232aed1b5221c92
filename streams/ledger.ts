// What models cost, by day, for all rooms together: a hash per day of the server's clock (UTC), forgotten
// after a while.

import { type Cost, nothingSpent, plusCost, type Spent } from '../core/claim.ts';
import { asFault, type Valkey } from './connection.ts';

const daysKept = 40;
const dayMs = 86_400_000;

export function createLedger(connection: Valkey) {
  const keyNow = async (): Promise<string> => {
    const [seconds] = await connection.time();
    return `game:spent:${new Date(Number(seconds) * 1_000).toISOString().slice(0, 10)}`;
  };
  return {
    async add(cost: Cost): Promise<void> {
      const { tokens, usd } = plusCost(nothingSpent, cost);
      try {
        const key = await keyNow();
        await connection
          .multi()
          .hincrby(key, 'tokens', tokens)
          .hincrbyfloat(key, 'usd', usd)
          .pexpire(key, daysKept * dayMs)
          .exec();
      } catch (error) {
        throw asFault(error);
      }
    },
    async today(): Promise<Spent> {
      try {
        const [tokens, usd] = await connection.hmget(await keyNow(), 'tokens', 'usd');
        return { tokens: Number(tokens ?? 0), usd: Number(usd ?? 0) };
      } catch (error) {
        throw asFault(error);
      }
    },
  };
}
