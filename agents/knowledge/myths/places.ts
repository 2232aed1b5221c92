// Misconceptions about where places lie. Written by us.

import { britannica, type Misconception, page, wiki } from './misconception.ts';

export const places: readonly Misconception[] = [
  {
    id: 'reno-west',
    myth: 'Los Angeles lies further west than Reno in Nevada.',
    fact: 'Reno in Nevada lies further west than Los Angeles.',
    why: 'The coast of California runs far to the south-east. Reno is at 119.8 degrees west, Los Angeles at 118.2.',
    difficulty: 'hard',
    sources: [wiki('Reno, Nevada'), britannica('place/Reno')],
  },
  {
    id: 'detroit-south',
    myth: 'To reach Canada from the centre of Detroit by the shortest way, you have to go north.',
    fact: 'From the centre of Detroit, the shortest way to Canada leads south-east, across the river.',
    why: 'The Canadian city of Windsor lies south of Detroit, in a bend of the river between them.',
    difficulty: 'normal',
    sources: [wiki('Detroit'), britannica('place/Detroit')],
  },
  {
    id: 'panama-east',
    myth: 'A ship in the Panama Canal bound for the Pacific ends up further west than it began.',
    fact: 'A ship in the Panama Canal bound for the Pacific ends up further east than it began.',
    why: 'Panama is bent like a lying S, and the canal crosses it from north-west to south-east.',
    difficulty: 'hard',
    sources: [wiki('Panama Canal'), britannica('topic/Panama-Canal')],
  },
  {
    id: 'nubian-pyramids',
    myth: 'No country has more ancient pyramids than Egypt.',
    fact: 'There are more ancient pyramids in Sudan than in Egypt.',
    why: 'The kings of Kush built some two hundred at Meroe and elsewhere, small and steep; Egypt has under 140.',
    difficulty: 'normal',
    sources: [
      wiki('Nubian pyramids'),
      page('UNESCO: island of Meroe', 'https://whc.unesco.org/en/list/1336/'),
    ],
  },
  {
    id: 'sahara-sand',
    myth: 'Most of the Sahara is covered with sand dunes.',
    fact: 'Most of the Sahara is bare rock and gravel.',
    why: 'Dunes cover only about a quarter of it; the camera goes where they are.',
    difficulty: 'normal',
    sources: [wiki('Sahara'), britannica('place/Sahara-desert-Africa')],
  },
  {
    id: 'london-rain',
    myth: 'More rain falls in London than in Rome in an average year.',
    fact: 'More rain falls in Rome than in London in an average year.',
    why: 'In London it drizzles on more days; in Rome it pours, mostly in autumn and winter.',
    difficulty: 'normal',
    sources: [
      wiki('Rome'),
      page('World Meteorological Organization: city climates', 'https://worldweather.wmo.int/'),
    ],
  },
  {
    id: 'southern-tip-africa',
    myth: 'The southernmost point of Africa is the Cape of Good Hope.',
    fact: 'The southernmost point of Africa lies about 150 km east of the Cape of Good Hope.',
    why: 'It is Cape Agulhas, the "cape of needles", where the compass used to point due north.',
    difficulty: 'normal',
    sources: [
      wiki('Cape Agulhas'),
      page('South African National Parks: Agulhas', 'https://www.sanparks.org/parks/agulhas'),
    ],
  },
  {
    id: 'istanbul-continents',
    myth: 'All of the city of Istanbul lies in Asia.',
    fact: 'The city of Istanbul lies on two continents.',
    why: 'The Bosporus runs through it: the old town is in Europe, and a third of the people live in Asia.',
    difficulty: 'easy',
    sources: [wiki('Istanbul'), britannica('place/Istanbul')],
  },
  {
    id: 'dead-sea-saltiest',
    myth: 'The Dead Sea is the saltiest lake on Earth.',
    fact: 'Some lakes in Antarctica are saltier than the Dead Sea.',
    why: 'Don Juan Pond has over 40 per cent of salts and hardly ever freezes, even at minus 50 °C.',
    difficulty: 'hard',
    sources: [
      wiki('Don Juan Pond'),
      page('NASA Earth Observatory', 'https://earthobservatory.nasa.gov/images/84955/saltiest-pond-on-earth'),
    ],
  },
  {
    id: 'deepest-lake',
    myth: 'The deepest lake in the world is Lake Superior in North America.',
    fact: 'The deepest lake in the world is Lake Baikal in Siberia.',
    why: 'It is over 1,600 metres deep and holds about a fifth of the unfrozen fresh water on the surface of the Earth.',
    difficulty: 'easy',
    sources: [wiki('Lake Baikal'), page('UNESCO: Lake Baikal', 'https://whc.unesco.org/en/list/754/')],
  },
];
