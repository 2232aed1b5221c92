// `/docs`: how to write a client, in a page without a script. Made from the same description that programs
// read.

import { errorKinds } from '../../core/errors.ts';
import { allowed, closes, type Role, requestData, subprotocol } from '../../core/protocol.ts';
import { examples } from './examples.ts';

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
const code = (value: unknown): string =>
  `<pre tabindex="0"><code>${escaped(typeof value === 'string' ? value : JSON.stringify(value))}</code></pre>`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<table><thead><tr>${head.map((cell) => `<th>${cell}</th>`).join('')}</tr></thead><tbody>${rows
    .map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`)
    .join('')}</tbody></table>`;

/** `style` is the path of the page's style sheet, `client` the source of the example. */
export function docsPage({ style, client }: { style: string; client: string }): string {
  const who = (t: string): string =>
    (Object.keys(allowed) as Role[]).filter((role) => [...allowed[role]].some((one) => one === t)).join(', ');
  const frames = examples.map(({ message, payload }) => `<h3>${escaped(message)}</h3>${code(payload)}`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Write your own client: Agent Arena</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<main class="docs">
<p><a href="/">Agent Arena</a></p>
<h1>Write your own client in 30 lines</h1>
<p>Open a WebSocket to <code>/ws</code> with the subprotocol <code>${subprotocol}</code>. One text frame is one JSON object. Each request gets exactly
one reply with its <code>id</code>: <code>ok</code> or <code>err</code>. Room events carry an <code>s</code>: keep the greatest, and send it when you come back.
Ignore types and fields that you do not know. The whole of it for programs: <a href="/docs/asyncapi.json">AsyncAPI 3.1</a>.</p>
${code(client)}
<h2>Requests</h2>
${table(
  ['request', 'who'],
  Object.keys(requestData).map((t) => [t, t === 'join' ? 'all' : who(t)]),
)}
<h2>Frames</h2>
${frames.join('\n')}
<h2>Errors</h2>
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
</main>
</body>
</html>
`;
}
