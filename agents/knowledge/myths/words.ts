// Misconceptions about words, books, films and customs. Written by us.

import { britannica, type Misconception, page, wiki } from './misconception.ts';

const etymology = (word: string) =>
  page(`Online Etymology Dictionary: ${word}`, `https://www.etymonline.com/word/${word}`);

export const words: readonly Misconception[] = [
  {
    id: 'frankenstein-name',
    myth: 'In the novel by Mary Shelley, Frankenstein is the name of the monster.',
    fact: 'In the novel by Mary Shelley, Frankenstein is the name of the man who makes the monster.',
    why: 'Victor Frankenstein is a student. His creature never gets a name.',
    difficulty: 'easy',
    sources: [wiki('Frankenstein'), britannica('topic/Frankenstein-or-The-Modern-Prometheus')],
  },
  {
    id: 'elementary-watson',
    myth: 'In the stories by Conan Doyle, Sherlock Holmes often says "Elementary, my dear Watson".',
    fact: 'In the stories by Conan Doyle, Sherlock Holmes never says "Elementary, my dear Watson".',
    why: 'He says "Elementary", and he says "my dear Watson", but the two were joined by others.',
    difficulty: 'normal',
    sources: [wiki('Sherlock Holmes'), britannica('topic/Sherlock-Holmes')],
  },
  {
    id: 'play-it-again',
    myth: 'The line "Play it again, Sam" is spoken in the film "Casablanca".',
    fact: 'The line "Play it again, Sam" is never spoken in the film "Casablanca".',
    why: 'Ingrid Bergman says "Play it, Sam". The other wording is the title of a play by Woody Allen.',
    difficulty: 'normal',
    sources: [
      wiki('Casablanca (film)'),
      page('American Film Institute: movie quotes', 'https://www.afi.com/afis-100-years-100-movie-quotes/'),
    ],
  },
  {
    id: 'big-ben',
    myth: 'Big Ben is the official name of the clock tower in London.',
    fact: 'The clock tower in London that houses Big Ben is officially called Elizabeth Tower.',
    why: 'Big Ben is the great bell inside. The tower got its present name in 2012.',
    difficulty: 'easy',
    sources: [wiki('Big Ben'), page('UK Parliament', 'https://www.parliament.uk/bigben')],
  },
  {
    id: 'sos-letters',
    myth: 'The distress call SOS was chosen as short for "Save Our Souls".',
    fact: 'The distress call SOS was chosen for its simple pattern in Morse code.',
    why: 'Three dots, three dashes, three dots: nobody can mistake it. The words were made up afterwards.',
    difficulty: 'easy',
    sources: [wiki('SOS'), etymology('SOS')],
  },
  {
    id: 'news-compass',
    myth: 'The word "news" is made of the first letters of north, east, west and south.',
    fact: 'The word "news" is a plural of "new": new things.',
    why: 'French "nouvelles" and Latin "nova" were formed in the same way.',
    difficulty: 'easy',
    sources: [wiki('News'), etymology('news')],
  },
  {
    id: 'golf-acronym',
    myth: 'The word "golf" is short for "Gentlemen Only, Ladies Forbidden".',
    fact: 'The word "golf" probably comes from an old Dutch or Scots word for a club or bat.',
    why: 'Words made of first letters were hardly known before the 20th century; golf was banned in Scotland in 1457.',
    difficulty: 'easy',
    sources: [wiki('Golf'), etymology('golf')],
  },
  {
    id: 'posh-ships',
    myth: 'The word "posh" was first printed on ship tickets, for "port out, starboard home".',
    fact: 'No ship ticket marked "posh", for "port out, starboard home", has ever been found.',
    why: 'Nobody knows for sure where the word comes from; "posh" was slang for money and for a dandy.',
    difficulty: 'hard',
    sources: [wiki('Backronym'), etymology('posh')],
  },
  {
    id: 'panama-hat',
    myth: 'Panama hats were first woven in Panama.',
    fact: 'Panama hats were first woven in Ecuador.',
    why: 'They were shipped and sold by way of Panama, and the builders of the canal made them famous.',
    difficulty: 'easy',
    sources: [
      wiki('Panama hat'),
      page(
        'UNESCO intangible heritage',
        'https://ich.unesco.org/en/RL/traditional-weaving-of-the-ecuadorian-toquilla-straw-hat-00729',
      ),
    ],
  },
  {
    id: 'canary-islands',
    myth: 'The Canary Islands are named after canary birds.',
    fact: 'The Canary Islands are probably named after dogs.',
    why: 'In Latin a dog is canis. The birds were named after the islands.',
    difficulty: 'normal',
    sources: [wiki('Canary Islands'), etymology('canary')],
  },
  {
    id: 'marathon-distance',
    myth: 'A marathon has its exact length because it is how far the messenger ran from Marathon to Athens.',
    fact: 'A marathon has its exact length because of the course of the London Olympics of 1908.',
    why: 'It led from Windsor Castle to the royal box: 42.195 km. The first Olympic marathons were shorter.',
    difficulty: 'normal',
    sources: [wiki('Marathon'), britannica('sports/marathon-race')],
  },
  {
    id: 'mona-lisa-name',
    myth: 'The name "Mona Lisa" means that the sitter was called Mona.',
    fact: 'In the name "Mona Lisa", the word "Mona" is a form of address, like Madam.',
    why: 'It is short for madonna, "my lady". Lisa Gherardini was the wife of a silk merchant in Florence.',
    difficulty: 'normal',
    sources: [wiki('Mona Lisa'), britannica('topic/Mona-Lisa-painting')],
  },
  {
    id: 'xmas-abbreviation',
    myth: 'The short form "Xmas" was invented by modern shops to leave Christ out of Christmas.',
    fact: 'The short form "Xmas" is hundreds of years old, and its X stands for Christ.',
    why: 'X is the first letter of Christ in Greek; scribes used it in the Middle Ages.',
    difficulty: 'normal',
    sources: [wiki('Xmas'), etymology('Xmas')],
  },
];
