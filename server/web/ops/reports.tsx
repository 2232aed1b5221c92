// Claims that players reported, each with what they said and the line that takes it back. Looks again when
// the list of rooms counts others, or an operator has done something.

import { useState } from 'preact/hooks';
import { type Go, Link } from '../chrome.tsx';
import { ago } from './ago.ts';
import { getReports, type Overview, type ReportedClaim, type Reports as Told, useLooking } from './api.ts';

interface ReportsProps {
  readonly last: Overview;
  readonly go: Go;
}

// What is new shows in the overview; this is for a look that failed.
const everyMs = 30_000;

export function Reports({ last, go }: ReportsProps) {
  const [told, setTold] = useState<Told | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const counts = last.rooms.flatMap(({ room, reports }) => (reports ? [`${room} ${reports}`] : []));
  const look = async () => {
    const answer = await getReports();
    setProblem('problem' in answer ? answer.problem : null);
    if ('ok' in answer) setTold(answer.ok);
    return 'ok' in answer || !answer.final;
  };
  useLooking(look, everyMs, `${counts.toSorted()} ${last.operations[0]?.id}`);
  return (
    <section class="card" id="reports">
      <h2>Reported claims</h2>
      {problem !== null && <p class="problem">{problem}</p>}
      {told?.claims.length === 0 && <p class="hint">None.</p>}
      {told !== null && told.claims.length > 0 && <Claims claims={told.claims} now={last.now} go={go} />}
      {told?.leftOut.map(({ room, why }) => (
        <p key={room} class="problem">
          {room} is left out: {why}
        </p>
      ))}
    </section>
  );
}

interface ClaimsProps {
  readonly claims: readonly ReportedClaim[];
  readonly now: number;
  readonly go: Go;
}

const claimsShown = 50;

function Claims({ claims, now, go }: ClaimsProps) {
  return (
    <>
      <div class="wide-table">
        <table>
          <thead>
            <tr>
              <th>room</th>
              <th class="number">round</th>
              <th class="number">reports</th>
              <th>claim</th>
              <th class="number">last</th>
            </tr>
          </thead>
          <tbody>
            {claims.slice(0, claimsShown).map((claim) => (
              <tr key={claim.roundId}>
                <td>
                  <Link to={`/ops/${claim.room}`} go={go}>
                    {claim.room}
                  </Link>
                </td>
                <td class="number">{claim.round}</td>
                <td class="number">{claim.reasons.length}</td>
                <td class="reported">
                  <Claim claim={claim} />
                </td>
                <td class="number when">{ago(now - claim.at)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {claims.length > claimsShown && <p class="hint">and {claims.length - claimsShown} more</p>}
    </>
  );
}

function Claim({
  claim: { room, roundId, question, reasons, retracted },
}: {
  readonly claim: ReportedClaim;
}) {
  return (
    <>
      {question}
      <ul>
        {[...new Set(reasons)].map((reason) => (
          <li key={reason}>“{reason}”</li>
        ))}
      </ul>
      {retracted ? (
        <span class="hint">Taken back.</span>
      ) : (
        <code>
          npx arena retract {room} {roundId}
        </code>
      )}
    </>
  );
}
