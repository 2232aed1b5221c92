// How others come in: the code, a picture to scan, links to copy. The host's own link opens the host's page
// on another device; its secret stands behind the #, which no server and no log ever sees.

import { useMemo, useState } from 'preact/hooks';
import { encode } from 'uqr';
import { copyText } from './board.tsx';
import { siteHost, siteOrigin } from './site.ts';
import { identities } from './use-room.ts';
import { words } from './words.ts';

export function Invite({ room }: { readonly room: string }) {
  const link = `${siteOrigin}/j/${room}`;
  const { hostToken } = identities.of(room);
  return (
    <section class="card invite">
      <h2>
        {words.joinAt} {siteHost}
      </h2>
      <p class="big-code">{room}</p>
      <QrCode text={link} />
      <p class="link">
        {siteHost}/j/{room}
      </p>
      <div class="row">
        <Copy label={words.copyLink} text={link} />
        <a class="button quiet" href={`/screen/${room}`} target="_blank" rel="noreferrer">
          {words.openScreen}
        </a>
        {hostToken !== null && (
          <Copy
            label={words.copyHostLink}
            text={`${siteOrigin}/host/${room}#${encodeURIComponent(hostToken)}`}
          />
        )}
      </div>
    </section>
  );
}

function Copy({ label, text }: { readonly label: string; readonly text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await copyText(text);
    setCopied(true);
  };
  return (
    <button type="button" class="quiet" onClick={() => void copy()}>
      {copied ? words.copied : label}
    </button>
  );
}

/** Dark on light in both themes, with its quiet zone: that is what cameras expect. */
export function QrCode({ text }: { readonly text: string }) {
  const { data, size } = useMemo(() => encode(text, { border: 2 }), [text]);
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={`${words.scanToJoin}: ${text}`}
      shape-rendering="crispEdges"
    >
      <rect width={size} height={size} fill="#ffffff" />
      <path d={path} fill="#0b1020" />
    </svg>
  );
}
