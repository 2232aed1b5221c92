// `/docs`: how to write a client, in a page without a script: from nothing to a played game, then every
// message. Made from the same description that programs read.

import { errorKinds } from '../../core/errors.ts';
import { roomEvents, volatileEvents } from '../../core/messages.ts';
import { allowed, closes, type Role, requestData, subprotocol } from '../../core/protocol.ts';
import { hostToken, revealed, room } from './example-game.ts';
import { examples } from './examples.ts';
import { endpoints, settingsExample } from './http.ts';

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
const code = (text: string): string => `<pre tabindex="0"><code>${escaped(text)}</code></pre>`;
/** Wider than a phone it can be moved, by keys, too. */
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<div class="wide-table" tabindex="0"><table><thead><tr>${head.map((cell) => `<th>${cell}</th>`).join('')}</tr></thead><tbody>${rows
    .map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`)
    .join('')}</tbody></table></div>`;

interface DocsPage {
  /** Path of the page's style sheet. */
  readonly style: string;
  /** Sources of the programs that play and that start a game. */
  readonly client: string;
  readonly host: string;
  /** Where people reach this server, without a slash at its end. */
  readonly site: string;
}

export function docsPage(page: DocsPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Write your own client: Agent Arena</title>
<link rel="stylesheet" href="${page.style}">
</head>
<body>
<main class="docs">
<p><a href="/">Agent Arena</a></p>
<h1>Write your own client in 30 lines</h1>
${[firstGame(page), protocol(), messages(), endings()].join('\n')}
</main>
</body>
</html>
`;
}

const post = (site: string): string =>
  `curl -X POST -H 'content-type: application/json' -H "idempotency-key: $(node -p 'crypto.randomUUID()')" -d '${JSON.stringify(settingsExample)}' ${site}/api/rooms`;

function firstGame({ client, host, site }: DocsPage): string {
  const made = { room, hostToken, joinUrl: `${site}/j/${room}` };
  return `<h2>1. Make a room</h2>
${code(post(site))}
<p>It gives a <code>room</code>, for all, and a <code>hostToken</code>, for you. Below, put yours in their place.</p>
${code(JSON.stringify(made))}
<h2>2. Join it</h2>
<p>With Node 22 or newer; as often as you like, each time as another player:</p>
${code(`curl -O ${site}/docs/client.mjs\nnode client.mjs ${site} ${room}`)}
<p>It waits for the game. This is all of it:</p>
${code(client)}
<h2>3. Start the game</h2>
<p>In another terminal. The players are asked the first question, answer, and hear who was right:</p>
${code(`curl -O ${site}/docs/host.mjs\nnode host.mjs ${site} ${room} ${hostToken}`)}
<p>A client that joins as <code>host</code> with the token may start, as this does:</p>
${code(host)}
<p>People do it on the host’s page:</p>
${code(`${site}/host/${room}#${hostToken}`)}`;
}

function protocol(): string {
  return `<h2>How it speaks</h2>
<p>Open a WebSocket to <code>/ws</code> with the subprotocol <code>${subprotocol}</code>. One text frame is one JSON object. Each request gets exactly
one reply with its <code>id</code>: <code>ok</code> or <code>err</code>. Room events carry an <code>s</code>: keep the greatest, and send it when you come back.
Where a reply is lost, a host's request may be sent again, also on another line: with the same <code>key</code>, made anew for each thing that is
wanted, it acts once. Players' requests need none. Ignore types and fields that you do not know. The whole of it for programs: <a href="/docs/asyncapi.json">AsyncAPI 3.1</a>.</p>
<p>Every frame below was really sent, in one game: → to the server, ← from it.</p>`;
}

/** `state` is long and in many replies: it is shown once, by itself. */
const brief = (payload: object): string =>
  JSON.stringify(payload, (key, value) => (key === 'state' && value !== null ? '…' : value)).replace(
    '"state":"…"',
    '"state":{…}',
  );

/** The examples of some messages as they came, an arrow before each. */
const frames = (...names: readonly string[]): string =>
  code(
    examples
      .filter(({ message }) => names.includes(message))
      .map(({ message, payload }) => `${message.startsWith('request.') ? '→' : '←'} ${brief(payload)}`)
      .join('\n'),
  );

const who = (t: string): string =>
  t === 'join'
    ? 'all'
    : (Object.keys(allowed) as Role[])
        .filter((role) => [...allowed[role]].some((one) => one === t))
        .join(', ');

function messages(): string {
  const events = (those: object) => Object.keys(those).map((t) => `<h3>${t}</h3>\n${frames(`event.${t}`)}`);
  const asked = Object.keys(requestData).map(
    (t) => `<h3>${t}</h3>\n<p>May be asked by: ${who(t)}.</p>\n${frames(`request.${t}`, `reply.${t}`)}`,
  );
  return `<h2>Requests and their replies</h2>
<p>Where <code>state</code> is left out, it is all of the room, as in the one below.</p>
${asked.join('\n')}
<h3>state</h3>
${code(JSON.stringify(revealed, null, 1))}
<h2>Room events</h2>
${events(roomEvents).join('\n')}
<h2>What passes by, without an <code>s</code></h2>
<p><code>you</code> is for one player, after each ROUND_RESULT and ROUND_VOIDED; the others are for all, and left out where a connection is slow.</p>
${events(volatileEvents).join('\n')}`;
}

function endings(): string {
  return `<h2>Errors</h2>
${frames('refusal')}
${table(
  ['code', 'what it means', 'try again'],
  Object.entries(errorKinds).map(([name, { message, retry }]) => [name, message, retry ? 'yes' : 'no']),
)}
<h2>Closes</h2>
<p>Below 4500: come back after half a second to eight seconds, by chance. From 4500 on: stay away.</p>
${table(
  ['code', 'reason'],
  Object.entries(closes).map(([name, number]) => [String(number), name]),
)}
<h2>Over HTTP</h2>
${table(
  ['request', 'gives'],
  endpoints.map(({ method, path, gives }) => [`${method} ${path}`, gives]),
)}`;
}
