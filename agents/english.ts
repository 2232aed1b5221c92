// Is this English? Asked of what models write, since small ones answer in the language of a topic. A rule of
// thumb by script and by the small words that no sentence does without; it is sure of a sentence or two, and
// lets doubtful text pass.

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const english = words(
  'the of and is are was were has have had it its in on at to by for from with than that this which who as an be been ' +
    'not no more most all one two first there their they he she his her can will when where about only into',
);

// Words of other languages that are no English words.
const foreign = words(
  'der das und ist nicht ein eine einen dem den zu mit von auf für als auch sind wird le la les est une et dans sur pas plus ' +
    'du des que qui il elle au aux el los las es y en por para con una del más fue il lo gli che di è sono della nel un ' +
    'het een van op zijn niet voor met o os um uma não em do da dos das é ao och är det som på inte av til er og ikke',
);

/** False for text in another script or mostly of another language's small words. */
export function isEnglish(text: string): boolean {
  const letters = text.match(/\p{L}/gu) ?? [];
  const latin = text.match(/\p{Script=Latin}/gu) ?? [];
  if (letters.length > 0 && latin.length < letters.length * 0.8) return false;
  const found = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const count = (known: ReadonlySet<string>) => found.filter((word) => known.has(word)).length;
  return count(foreign) <= count(english);
}
