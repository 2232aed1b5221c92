// All of the engine on one page: figures with their last minutes, what is wrong, groups, dead letters, rooms.

import { useState } from 'preact/hooks';
import type { CloseReason, closes } from '../../../core/protocol.ts';
import { type Go, Link } from '../chrome.tsx';
import { ago } from './ago.ts';
import type { Finding, Kind, ListedRoom, Overview } from './api.ts';
import { DeadLetters } from './dead-letters.tsx';
import { Bars, Figure, Groups, Plot } from './figures.tsx';
import { Operations } from './operations.tsx';
import { Reports } from './reports.tsx';

interface DeskProps {
  readonly looks: readonly Overview[];
  readonly last: Overview;
  readonly go: Go;
  /** Something was changed: look again at once. */
  readonly onChange: () => void;
}

export function Desk({ looks, last, go, onChange }: DeskProps) {
  const { server, sockets, closes: closed } = last.traffic;
  // Behind a balancer each look may be another server's.
  const here = looks.filter(({ traffic }) => traffic.server === server);
  const rates = ratesOf(here);
  const dead = looks.map((look) => countOf(look.dead));
  const lagOf = (look: Overview, name: string) => look.groups.find(({ group }) => group === name)?.lag ?? 0;
  const lines = last.groups.map(({ group }) => ({
    label: group,
    values: looks.map((look) => lagOf(look, group)),
  }));
  return (
    <>
      <div class="numbers">
        <Figure
          label="sockets, this server"
          value={sockets}
          series={here.map(({ traffic }) => traffic.sockets)}
        />
        <Figure label="pushes a second, this server" value={Math.round(rates.at(-1) ?? 0)} series={rates} />
        <Figure label="rooms" value={last.rooms.length} series={looks.map(({ rooms }) => rooms.length)} />
        <Figure label="dead letters" value={dead.at(-1) ?? 0} series={dead} bad={(dead.at(-1) ?? 0) > 0} />
      </div>
      <Findings findings={last.findings} />
      <div class="two">
        <Groups groups={last.groups} />
        <Plot title="Lag, in entries" lines={lines} spanMs={last.now - (looks[0]?.now ?? last.now)} />
      </div>
      <DeadLetters groups={last.groups.map(({ group }) => group)} go={go} onChange={onChange} />
      <Reports last={last} go={go} />
      <Rooms rooms={last.rooms} now={last.now} go={go} />
      <Operations operations={last.operations} />
      <Bars title={`Closed sockets by code, this server (${server})`} counts={closed} names={closeNames} />
    </>
  );
}

const countOf = (kinds: readonly Kind[]): number => kinds.reduce((sum, { count }) => sum + count, 0);

/** Pushes a second between each look and the one before. */
function ratesOf(looks: readonly Overview[]): number[] {
  return looks.slice(1).map(({ traffic, now }, index) => {
    const before = looks[index];
    if (before === undefined) return 0;
    return (1_000 * (traffic.pushes - before.traffic.pushes)) / Math.max(1, now - before.now);
  });
}

/** The type alone comes from the protocol, so that no schema does; a code without a name does not compile. */
const ours: Readonly<Record<(typeof closes)[CloseReason], string>> = {
  4001: 'server restarts',
  4002: 'too far behind',
  4003: 'no heartbeat',
  4004: 'did not join',
  4005: 'too many sockets',
  4500: 'too many mistakes',
  4501: 'opened elsewhere',
  4502: 'removed',
  4503: 'room gone',
  4504: 'wrong protocol',
};

const closeNames: Readonly<Record<string, string>> = {
  ...ours,
  1000: 'left',
  1001: 'went away',
  1005: 'went, without a word',
  1006: 'line lost',
  1012: 'asked to come back',
};

function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  const wrong = findings.filter(({ mood }) => mood === 'bad').length;
  const told = findings.filter(({ mood }) => mood !== 'good');
  return (
    <section class={`card findings ${wrong > 0 ? 'wrong' : ''}`}>
      <h2>{wrong === 0 ? '✓ All is well' : `✗ ${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong`}</h2>
      <ul>
        {told.map(({ mood, what, cure }) => (
          <li key={what} class={mood === 'bad' ? 'problem' : 'hint'}>
            {what}
            {cure !== null && <code> {cure}</code>}
          </li>
        ))}
      </ul>
    </section>
  );
}

const roomsShown = 100;

interface RoomsProps {
  readonly rooms: readonly ListedRoom[];
  readonly now: number;
  readonly go: Go;
}

function Rooms({ rooms, now, go }: RoomsProps) {
  const [wish, setWish] = useState('');
  const found = rooms.filter(({ room, phase, trial }) =>
    `${room} ${phase}${trial === true ? ' trial' : ''}`.includes(wish),
  );
  return (
    <section class="card">
      <div class="head">
        <h2>Rooms</h2>
        <input
          type="search"
          aria-label="Room or phase"
          placeholder="room or phase"
          value={wish}
          onInput={(event) => setWish(event.currentTarget.value)}
        />
      </div>
      {found.length === 0 && <p class="hint">None.</p>}
      {found.length > 0 && (
        <div class="wide-table">
          <table>
            <thead>
              <tr>
                <th>room</th>
                <th>phase</th>
                <th>round</th>
                <th class="number">players</th>
                <th class="number">revision</th>
                <th class="number">last event</th>
              </tr>
            </thead>
            <tbody>
              {found.slice(0, roomsShown).map(({ room, phase, round, rounds, players, rev, at, trial }) => (
                <tr key={room}>
                  <td>
                    <Link to={`/ops/${room}`} go={go}>
                      {room}
                    </Link>
                  </td>
                  <td>
                    <span class={`phase ${phase}`}>{phase}</span>
                    {trial === true && <span class="hint"> trial</span>}
                  </td>
                  <td>
                    {round}/{rounds} <progress max={Math.max(1, rounds)} value={round} aria-hidden="true" />
                  </td>
                  <td class="number">{players}</td>
                  <td class="number">{rev}</td>
                  <td class="number">{ago(now - at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {found.length > roomsShown && <p class="hint">and {found.length - roomsShown} more</p>}
    </section>
  );
}
