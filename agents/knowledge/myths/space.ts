// Misconceptions about the sky and space travel. Written by us.

import { type Misconception, page, wiki } from './misconception.ts';

export const space: readonly Misconception[] = [
  {
    id: 'great-wall-space',
    myth: 'The Great Wall of China is the only human structure that can be seen from the Moon.',
    fact: 'From the Moon, no human structure on Earth can be seen with the naked eye.',
    why: 'The wall is long but narrow, and has the colour of the ground. Even from a low orbit it is hard to make out.',
    difficulty: 'easy',
    sources: [
      wiki('Great Wall of China'),
      page('NASA', 'https://www.nasa.gov/vision/space/workinginspace/great_wall.html'),
    ],
  },
  {
    id: 'summer-distance',
    myth: 'It is summer when the Earth is nearest to the Sun.',
    fact: 'The Earth is nearest to the Sun in early January.',
    why: 'Seasons come from the tilt of the axis: the half that leans towards the Sun has summer.',
    difficulty: 'easy',
    sources: [wiki('Season'), page('NASA Space Place: seasons', 'https://spaceplace.nasa.gov/seasons/en/')],
  },
  {
    id: 'dark-side',
    myth: 'The far side of the Moon lies in eternal darkness.',
    fact: 'The far side of the Moon gets as much sunlight as the side that we see.',
    why: 'It is "dark" only in the sense of unknown: until a probe of 1959 nobody had ever seen it.',
    difficulty: 'easy',
    sources: [
      wiki('Far side of the Moon'),
      page('NASA: facts about the Moon', 'https://science.nasa.gov/moon/facts/'),
    ],
  },
  {
    id: 'white-sun',
    myth: 'Seen from space, the Sun is bright yellow.',
    fact: 'Seen from space, the Sun is white.',
    why: 'Our air scatters part of the blue light away, most of all when the Sun is low.',
    difficulty: 'normal',
    sources: [
      wiki('Sun'),
      page('Stanford Solar Center', 'https://solar-center.stanford.edu/SID/activities/GreenSun.html'),
    ],
  },
  {
    id: 'hottest-planet',
    myth: 'Mercury, the planet nearest to the Sun, is the hottest planet.',
    fact: 'Venus is the hottest planet, although Mercury is nearer to the Sun.',
    why: 'A thick blanket of carbon dioxide keeps Venus at about 465 °C, day and night: lead would melt.',
    difficulty: 'easy',
    sources: [wiki('Venus'), page('NASA: facts about Venus', 'https://science.nasa.gov/venus/venus-facts/')],
  },
  {
    id: 'no-gravity-orbit',
    myth: 'Astronauts float in the space station because there is no gravity up there.',
    fact: 'At the height of the space station, gravity is still about nine tenths as strong as on the ground.',
    why: 'Station and crew fall together, around and around the Earth; that is why they float.',
    difficulty: 'normal',
    sources: [
      wiki('Micro-g environment'),
      page(
        'NASA: What is microgravity?',
        'https://www.nasa.gov/learning-resources/for-kids-and-students/what-is-microgravity-grades-5-8/',
      ),
    ],
  },
  {
    id: 'moon-phases',
    myth: 'The phases of the Moon are caused by the shadow of the Earth.',
    fact: 'At half moon we look at a Moon that is lit by the Sun from the side.',
    why: 'The shadow of the Earth meets the Moon only in a lunar eclipse, a few times a year at most.',
    difficulty: 'easy',
    sources: [wiki('Lunar phase'), page('NASA: moon phases', 'https://science.nasa.gov/moon/moon-phases/')],
  },
  {
    id: 'black-hole-vacuum',
    myth: 'If the Sun were replaced by a black hole of the same mass, the Earth would be sucked in.',
    fact: 'If the Sun were replaced by a black hole of the same mass, the Earth would keep to its orbit.',
    why: 'From afar only the mass counts. It would get rather cold, though.',
    difficulty: 'normal',
    sources: [
      wiki('Black hole'),
      page('NASA: black holes', 'https://science.nasa.gov/universe/black-holes/'),
    ],
  },
  {
    id: 'vacuum-explosion',
    myth: 'A person without a space suit would explode at once in the vacuum of space.',
    fact: 'A person without a space suit in the vacuum of space would stay conscious for about ten seconds.',
    why: 'Skin is strong enough to hold the body together. A technician who met a vacuum in 1966 survived unharmed.',
    difficulty: 'normal',
    sources: [
      wiki('Space exposure'),
      page(
        'NASA Goddard: human body in a vacuum',
        'https://imagine.gsfc.nasa.gov/ask_astro/space_travel.html',
      ),
    ],
  },
  {
    id: 'space-pen',
    myth: 'NASA spent millions on a pen for space, while the Soviets simply used pencils.',
    fact: 'The "space pen" was developed by a private firm with its own money, and Soviet cosmonauts bought it too.',
    why: 'In the beginning both sides used pencils, but broken tips and graphite dust are dangerous on board.',
    difficulty: 'normal',
    sources: [
      wiki('Space Pen'),
      page('Scientific American', 'https://www.scientificamerican.com/article/fact-or-fiction-nasa-spen/'),
    ],
  },
  {
    id: 'north-star',
    myth: 'The North Star is the brightest star in the night sky.',
    fact: 'More than forty stars in the night sky are brighter than the North Star.',
    why: 'It is famous for its place, nearly above the pole, where it stands still while all others turn. Sirius is the brightest.',
    difficulty: 'normal',
    sources: [
      wiki('Polaris'),
      page(
        'NASA: What is the North Star?',
        'https://science.nasa.gov/solar-system/what-is-the-north-star-and-how-do-you-find-it/',
      ),
    ],
  },
  {
    id: 'burning-sun',
    myth: 'The Sun is a ball of fire that burns with oxygen.',
    fact: 'The Sun shines by turning hydrogen into helium in its core.',
    why: 'A Sun of burning coal would be out after a few thousand years; this one has shone for 4.6 thousand million.',
    difficulty: 'easy',
    sources: [wiki('Sun'), page('NASA: facts about the Sun', 'https://science.nasa.gov/sun/facts/')],
  },
  {
    id: 'shooting-stars',
    myth: 'A shooting star is a star that falls from the sky.',
    fact: 'Most shooting stars are glowing bits of rock no larger than a pebble.',
    why: 'They enter the air at tens of kilometres per second, and the air in front of them lights up.',
    difficulty: 'easy',
    sources: [
      wiki('Meteoroid'),
      page('NASA: meteors and meteorites', 'https://science.nasa.gov/solar-system/meteors-meteorites/'),
    ],
  },
  {
    id: 'only-saturn-rings',
    myth: 'Saturn is the only planet with rings.',
    fact: 'All four giant planets of our solar system have rings.',
    why: 'Those of Jupiter, Uranus and Neptune are dark and thin; that of Uranus was found only in 1977.',
    difficulty: 'normal',
    sources: [
      wiki('Ring system'),
      page('NASA: facts about Uranus', 'https://science.nasa.gov/uranus/facts/'),
    ],
  },
  {
    id: 'horizon-moon',
    myth: 'The Moon looks huge near the horizon because the air acts as a magnifying glass.',
    fact: 'The Moon at the horizon only seems larger: on photographs it has the same size as high up.',
    why: 'It is a trick of the brain. Look at it upside down between your legs, and it shrinks.',
    difficulty: 'normal',
    sources: [
      wiki('Moon illusion'),
      page(
        'NASA: the Moon illusion',
        'https://science.nasa.gov/solar-system/moon/the-moon-illusion-why-does-the-moon-look-so-big-sometimes/',
      ),
    ],
  },
];
