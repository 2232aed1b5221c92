// What the three-digit answers of web servers mean. Facts: the package `statuses`, made from the registries
// of IANA, Apache and nginx; judge: the table inside Node.js. Fakes: the meaning next door.

import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { Difficulty } from '../../../core/claim.ts';
import { readJson } from '../data-file.ts';
import { oneOf, sentence } from '../phrase.ts';
import { assertionOf, type LoadedSource, type Ruling, type Statement } from '../source.ts';

// Only the codes with a story: the others nobody meets, or they have changed their meaning.
const NOTES: Readonly<Record<string, string>> = {
  '100': 'The browser may go on and send the rest of what it has.',
  '103': 'The server is still thinking, but the browser may already fetch pictures and styles.',
  '200': 'It is the most frequent answer, and the one nobody ever sees.',
  '204': 'All went well, and there is nothing to show.',
  '206': 'It is what lets you jump to the middle of a video.',
  '301': 'Search engines then take over the new address.',
  '304': 'What the browser has kept is still good; that saves a lot of traffic.',
  '307': 'The method stays the same: what was posted is posted again.',
  '308': 'It is the strict sister of 301: what was posted is posted again.',
  '400': 'The server did not understand a word.',
  '401': 'In spite of its name it means that you have not said who you are.',
  '402': 'It was reserved for digital money in the 1990s, and is hardly used.',
  '403': 'The server knows who you are, and still will not.',
  '404': 'There is no such page; a myth has it that it is named after a room at CERN.',
  '405': 'The page exists, but not for that kind of request.',
  '408': 'The server got tired of waiting.',
  '409': 'Somebody else was quicker.',
  '410': 'Unlike 404 it says that the page did exist, and will not come back.',
  '414': 'The address itself is too long.',
  '418': 'An April joke of 1998 about coffee pots; the real ones never gave it up.',
  '425': 'The request might be a replay, so the server rather waits.',
  '429': 'You have asked too often. Come back later.',
  '451': 'A court forbids it. The number recalls "Fahrenheit 451", the novel about burned books.',
  '500': 'Something broke, and the server will not say what.',
  '502': 'A server in between got nonsense from the one behind it.',
  '503': 'The server is overloaded or being mended.',
  '504': 'A server in between waited in vain for the one behind it.',
  '505': 'The server does not speak that version of the language.',
  '507': 'The disk of the server is full.',
  '508': 'The request runs in circles.',
};

const EASY: ReadonlySet<string> = new Set(['200', '404']);
const NORMAL: ReadonlySet<string> = new Set([
  '301',
  '400',
  '401',
  '403',
  '418',
  '429',
  '500',
  '502',
  '503',
  '504',
]);

export async function loadHttpStatuses(): Promise<LoadedSource> {
  const codes = await readJson('statuses/codes.json', z.record(z.string(), z.string()));
  const agreed = Object.entries(codes).filter(
    ([code, meaning]) => code in NOTES && sameMeaning(meaning, STATUS_CODES[code] ?? ''),
  );
  return {
    statements: agreed.flatMap(([code, meaning]) => {
      const family = agreed.filter(([other]) => other.charAt(0) === code.charAt(0));
      const place = family.findIndex(([other]) => other === code);
      const wrong = [family[place - 1], family[place + 1]].flatMap((next) => (next ? [next[1]] : []));
      return [meaning, ...wrong].map((said) => statement(code, said, meaning, agreed));
    }),
    judge({ subject, object }): Ruling | null {
      const meaning = STATUS_CODES[subject];
      if (!meaning || !(subject in NOTES)) return null;
      return {
        truth: sameMeaning(meaning, object) ? 'FACT' : 'FAKE',
        confidence: 0.96,
        explanation: explain(subject, object, codes[subject] ?? meaning, agreed),
        source: { name: 'Node.js, table of status codes', url: 'https://nodejs.org/api/http.html' },
        names: [[subject], [object]],
      };
    },
  };
}

/** Registries differ in capitals and apostrophes only. */
function sameMeaning(one: string, other: string): boolean {
  const letters = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '');
  return letters(one) === letters(other);
}

function statement(
  code: string,
  said: string,
  meaning: string,
  agreed: readonly (readonly [string, string])[],
): Statement {
  const assertion = assertionOf('http-status', code, said);
  const templates = [
    `a web server that answers with status ${code} means "${said}"`,
    `HTTP status ${code} stands for "${said}"`,
    `in the language of the web, ${code} means "${said}"`,
  ] as const;
  const difficulty: Difficulty = EASY.has(code) ? 'easy' : NORMAL.has(code) ? 'normal' : 'hard';
  return {
    factKey: `http-status:${code}`,
    assertion,
    truth: said === meaning ? 'FACT' : 'FAKE',
    difficulty,
    kind: 'http-status',
    write: (wording) => ({
      claim: sentence(oneOf(templates, assertion, wording)),
      explanation: explain(code, said, meaning, agreed),
      source: {
        name: 'IANA, HTTP status code registry',
        url: 'https://www.iana.org/assignments/http-status-codes/http-status-codes.xhtml',
      },
    }),
  };
}

function explain(
  code: string,
  said: string,
  meaning: string,
  agreed: readonly (readonly [string, string])[],
): string {
  const other = said === meaning ? undefined : agreed.find(([, text]) => text === said)?.[0];
  const taken = other ? `; "${said}" is ${other}` : '';
  return `${code} is "${meaning}"${taken}. ${NOTES[code] ?? ''}`.trim();
}
