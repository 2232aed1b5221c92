// What a name looks like: its skeleton by Unicode's table of confusable characters (UTS 39, 4), and whether
// it could be taken for the host, the arena or one of its agents. The table has 100 kB, so only the server
// has it.

import table from 'unhomoglyph/data.json' with { type: 'json' };
import { foldedName, type Looks, writtenName } from '../../core/names.ts';

const prototypes: ReadonlyMap<string, string> = new Map(Object.entries(table));
const ignored = /\p{Default_Ignorable_Code_Point}/gv;

/** Two texts that look alike have the same skeleton. */
export function skeletonOf(text: string): string {
  const plain = text.normalize('NFD').replace(ignored, '');
  return [...plain]
    .map((character) => prototypes.get(character) ?? character)
    .join('')
    .normalize('NFD');
}

// Capitals are confused with other characters than small letters: 0 looks like O, and so counts as o.
const foldedSkeleton = (text: string): string => skeletonOf(foldedName(skeletonOf(foldedName(text))));

export function looksOf(name: string): Looks & { readonly reserved: boolean } {
  const written = writtenName(name);
  const folded = foldedSkeleton(written);
  return { exact: skeletonOf(written), folded, reserved: isReserved(written) };
}

// Names of those who speak for the game, in the languages of the page.
const stems = [
  ...['host', 'admin', 'administrator', 'mod', 'moderator', 'system', 'server', 'operator', 'owner', 'staff'],
  ...[
    'support',
    'official',
    'arena',
    'agent arena',
    'researcher',
    'writer',
    'editor',
    'game master',
    'quizmaster',
  ],
  ...['gastgeber', 'gastgeberin', 'moderatorin', 'administratorin', 'betreiber', 'betreiberin', 'verwalter'],
  ...[
    'verwalterin',
    'rechercheur',
    'rechercheurin',
    'autor',
    'autorin',
    'redakteur',
    'redakteurin',
    'redaktion',
  ],
  ...[
    'spielleiter',
    'spielleiterin',
    'spielleitung',
    'quizmeister',
    'leitung',
    'veranstalter',
    'veranstalterin',
  ],
];
// Characters that people read as letters and that are not in Unicode's table.
const read: Readonly<Record<string, string>> = { 3: 'e', 4: 'a', 5: 's', 7: 't', '@': 'a', $: 's', l: 'i' };

/** Only the letters of a name, with its look-alikes replaced. */
function bareOf(name: string): string {
  const letters = [...foldedSkeleton(name)].map((character) => read[character] ?? character).join('');
  return letters.replace(/[^\p{L}]/gu, '');
}

const reserved: ReadonlySet<string> = new Set(stems.map(bareOf));

/** Also where an article stands before the name, or digits and signs stand behind it. */
function isReserved(written: string): boolean {
  const name = written.replace(/^[^\p{L}\p{N}@$]+/u, '').replace(/^(?:the|der|die|das)\s+/iu, '');
  return [name, name.replace(/[^\p{L}]+$/u, '')].some((one) => reserved.has(bareOf(one)));
}
