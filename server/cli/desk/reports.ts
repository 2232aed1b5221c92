// `arena reports`: the claims that players reported as wrong, so that an operator can take one back.

import type { Config } from '../../config/config.ts';
import { type ReportedClaim, reportedClaims } from '../../operate/reports.ts';
import { print, printJson, table, timeOf } from '../terminal/output.ts';
import { tellLeftOut } from './files.ts';
import { withOperator } from './with-operator.ts';

export const reports = (config: Config, { json }: { readonly json?: boolean }): Promise<void> =>
  withOperator(config, async (operator) => {
    const { claims, leftOut } = await reportedClaims(operator);
    tellLeftOut(leftOut);
    if (json) return claims.forEach(printJson);
    if (claims.length === 0) return print('No claim was reported.');
    const columns = [
      { title: 'room' },
      { title: 'round' },
      { title: 'reports', align: 'right' },
      { title: 'last' },
      { title: 'claim' },
      { title: 'reasons' },
    ] as const;
    print(table(columns, claims.map(rowOf)));
    print('A claim that is wrong: npx arena retract <room> <round>');
  });

/** `round` as `retract` takes it. */
function rowOf({ room, roundId, round, inLastGame, reasons, at, question, retracted }: ReportedClaim) {
  const claim = retracted ? `${question} (taken back)` : question;
  return [room, inLastGame ? round : roundId, reasons.length, timeOf(at), claim, saidBy(reasons)];
}

/** Each reason once, with how many gave it. */
function saidBy(reasons: readonly string[]): string {
  const counts = [...Map.groupBy(reasons, (reason) => reason)];
  return counts.map(([reason, all]) => (all.length === 1 ? reason : `${reason} (${all.length})`)).join('; ');
}
