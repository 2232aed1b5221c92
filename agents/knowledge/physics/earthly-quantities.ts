// Units, the Earth and the human body in numbers. Written by us.

import { bipm, nist, nistUnits, page, type Quantity, wiki } from './quantity.ts';

export const earthlyQuantities: readonly Quantity[] = [
  {
    id: 'sound-speed',
    wordings: [
      'In air at room temperature, sound travels about {} metres in a second.',
      'The speed of sound in air at room temperature is about {} metres per second.',
    ],
    ...{ right: '340', value: 343, second: 343 },
    wrong: [
      ['1,240', 1240],
      ['140', 140],
    ],
    why: 'Count the seconds between flash and thunder: three of them make a kilometre.',
    ...{
      difficulty: 'normal',
      sources: [
        wiki('Speed of sound'),
        page('NASA Glenn: speed of sound', 'https://www.grc.nasa.gov/www/k-12/airplane/sound.html'),
      ],
    },
  },
  {
    id: 'sound-in-water',
    wordings: [
      'Sound travels about {} times as fast in water as in air.',
      'In water, sound is about {} times as fast as in air.',
    ],
    ...{ right: 'four', value: 4.3, second: 4.4 },
    wrong: [
      ['0.25', 0.25],
      ['forty', 40],
    ],
    why: 'Water is hard to squeeze, so it passes the push on quickly: some 1,500 metres in a second.',
    ...{
      difficulty: 'normal',
      sources: [
        wiki('Speed of sound'),
        page(
          'NOAA: sound in the sea',
          'https://oceanexplorer.noaa.gov/explorations/sound01/background/acoustics/acoustics.html',
        ),
      ],
    },
  },
  {
    id: 'absolute-zero',
    wordings: [
      'Nothing can be colder than about minus {} degrees Celsius.',
      'Absolute zero lies at about minus {} degrees Celsius.',
    ],
    ...{ right: '273', value: 273.15, second: 273.15 },
    wrong: [
      ['459', 459.67],
      ['173', 173],
    ],
    why: 'It is minus 273.15 exactly. Minus 459.67 is the same point on the scale of Fahrenheit.',
    ...{ difficulty: 'normal', sources: [nistUnits, bipm] },
  },
  {
    id: 'equal-scales',
    wordings: [
      'Celsius and Fahrenheit thermometers show the same number at minus {} degrees.',
      'The scales of Celsius and Fahrenheit meet at minus {} degrees.',
    ],
    ...{ right: '40', value: 40, second: 40 },
    wrong: [
      ['20', 20],
      ['80', 80],
    ],
    why: 'Fahrenheit is Celsius times 1.8 plus 32; at minus 40 that leaves the number as it is.',
    ...{ difficulty: 'hard', sources: [nistUnits, wiki('Fahrenheit')] },
  },
  {
    id: 'earth-girth',
    wordings: [
      'Around the equator, the Earth measures about {} kilometres.',
      'The equator is about {} kilometres long.',
    ],
    ...{ right: '40,000', value: 40_075, second: 40_075 },
    wrong: [
      ['25,000', 25_000],
      ['60,000', 60_000],
    ],
    why: 'The round number is no accident: the metre was made to be a ten-millionth of the way from pole to equator.',
    ...{
      difficulty: 'easy',
      sources: [
        wiki('Earth’s circumference'),
        page('NASA, Earth fact sheet', 'https://nssdc.gsfc.nasa.gov/planetary/factsheet/earthfact.html'),
      ],
    },
  },
  {
    id: 'nautical-mile',
    wordings: [
      'A nautical mile is exactly {} metres.',
      'At sea and in the air, a mile is exactly {} metres.',
    ],
    ...{ right: '1,852', value: 1852, second: 1852 },
    wrong: [
      ['1,609', 1609.344],
      ['2,000', 2000],
    ],
    why: 'It is one minute of latitude, which makes it easy to read off a chart. 1,609 metres is the mile of the road.',
    ...{ difficulty: 'normal', sources: [nistUnits, bipm] },
  },
  {
    id: 'inch',
    wordings: [
      'An inch is exactly {} centimetres.',
      'By definition, one inch measures exactly {} centimetres.',
    ],
    ...{ right: '2.54', value: 2.54, second: 2.54 },
    wrong: [
      ['2.45', 2.45],
      ['2.64', 2.64],
    ],
    why: 'Until 1959 the British and the American inch differed by a hair.',
    ...{ difficulty: 'normal', sources: [nistUnits, wiki('Inch')] },
  },
  {
    id: 'us-gallon',
    wordings: [
      'A gallon in the United States is about {} litres.',
      'An American gallon holds about {} litres.',
    ],
    ...{ right: '3.8', value: 3.785, second: 3.785 },
    wrong: [
      ['4.5', 4.546],
      ['2.8', 2.8],
    ],
    why: 'The British gallon, of about 4.5 litres, is a fifth larger: America kept the old wine gallon of Queen Anne.',
    ...{ difficulty: 'normal', sources: [nistUnits, wiki('Gallon')] },
  },
  {
    id: 'pound-grams',
    wordings: [
      'A pound is about {} grams.',
      'The pound of the English-speaking countries weighs about {} grams.',
    ],
    ...{ right: '454', value: 453.59237, second: 453.59237 },
    wrong: [
      ['554', 554],
      ['354', 354],
    ],
    why: 'It is 453.59237 grams exactly. The German "Pfund" of the market is rounded up to 500.',
    ...{ difficulty: 'normal', sources: [nistUnits, wiki('Pound (mass)')] },
  },
  {
    id: 'gravity',
    wordings: [
      'A stone that falls on Earth gains about {} metres per second in each second.',
      'Near the ground, gravity speeds up a falling stone by about {} metres per second in each second.',
    ],
    ...{ right: '9.8', value: 9.80665, second: 9.81 },
    wrong: [
      ['8.9', 8.9],
      ['98', 98],
    ],
    why: 'On the Moon it is 1.6, which is why the astronauts hopped.',
    ...{ difficulty: 'normal', sources: [nist, wiki('Gravity of Earth')] },
  },
  {
    id: 'everest-height',
    wordings: [
      'Mount Everest is about {} metres high.',
      'The top of Mount Everest lies about {} metres above the sea.',
    ],
    ...{ right: '8,850', value: 8849, second: 8848.86 },
    wrong: [
      ['8,050', 8050],
      ['9,850', 9850],
    ],
    why: 'China and Nepal measured it together in 2020: 8,848.86 metres. It still grows by some millimetres a year.',
    ...{
      difficulty: 'easy',
      sources: [
        wiki('Mount Everest'),
        page('Encyclopaedia Britannica', 'https://www.britannica.com/place/Mount-Everest'),
      ],
    },
  },
  {
    id: 'ocean-depth',
    wordings: [
      'The deepest place in the ocean is about {} metres deep.',
      'The sea floor at its deepest lies about {} metres down.',
    ],
    ...{ right: '10,900', value: 10_935, second: 10_935 },
    wrong: [
      ['6,900', 6900],
      ['19,900', 19_900],
    ],
    why: 'In the Challenger Deep, Mount Everest would vanish with two kilometres of water above it.',
    ...{
      difficulty: 'normal',
      sources: [
        wiki('Challenger Deep'),
        page('NOAA: deepest part of the ocean', 'https://oceanservice.noaa.gov/facts/oceandepth.html'),
      ],
    },
  },
  {
    id: 'ocean-share',
    wordings: [
      'Water covers about {} per cent of the surface of the Earth.',
      'About {} per cent of the surface of the Earth is under water.',
    ],
    ...{ right: '71', value: 71, second: 71 },
    wrong: [
      ['51', 51],
      ['91', 91],
    ],
    why: 'Seen from above the middle of the Pacific, the Earth shows hardly any land at all.',
    ...{
      difficulty: 'easy',
      sources: [
        wiki('Earth'),
        page(
          'U.S. Geological Survey: water',
          'https://www.usgs.gov/special-topics/water-science-school/science/how-much-water-there-earth',
        ),
      ],
    },
  },
  {
    id: 'adult-bones',
    wordings: ['The skeleton of an adult has {} bones.', 'An adult human being has {} bones.'],
    ...{ right: '206', value: 206, second: 206 },
    wrong: [
      ['106', 106],
      ['306', 306],
    ],
    why: 'More than half of them are in the hands and feet.',
    ...{
      difficulty: 'normal',
      sources: [
        wiki('Human skeleton'),
        page('Nemours KidsHealth: bones', 'https://kidshealth.org/en/kids/bones.html'),
      ],
    },
  },
  {
    id: 'human-chromosomes',
    wordings: [
      'A human body cell normally has {} chromosomes.',
      'Human beings normally have {} chromosomes in each body cell.',
    ],
    ...{ right: '46', value: 46, second: 46 },
    wrong: [
      ['48', 48],
      ['23', 23],
    ],
    why: 'Until 1956 everybody counted 48, as apes have; then two researchers counted again.',
    ...{
      difficulty: 'normal',
      sources: [
        wiki('Chromosome'),
        page(
          'MedlinePlus: chromosomes',
          'https://medlineplus.gov/genetics/understanding/basics/howmanychromosomes/',
        ),
      ],
    },
  },
  {
    id: 'day-seconds',
    wordings: ['A day of 24 hours has {} seconds.', 'There are {} seconds in a day of 24 hours.'],
    ...{ right: '86,400', value: 86_400, second: 86_400 },
    wrong: [
      ['64,800', 64_800],
      ['36,000', 36_000],
    ],
    why: 'Since 1972 a leap second has been added 27 times, because the Earth does not turn evenly.',
    ...{ difficulty: 'normal', sources: [nistUnits, bipm] },
  },
];
