// How far, how old and how fast things are in the sky. Written by us.

import { bipm, nasa, nist, page, type Quantity, wiki } from './quantity.ts';

export const skyQuantities: readonly Quantity[] = [
  {
    id: 'light-speed',
    wordings: [
      'In empty space, light travels about {} kilometres in a second.',
      'The speed of light in empty space is about {} kilometres per second.',
    ],
    ...{ right: '300,000', value: 299_792.458, second: 299_792.458 },
    wrong: [
      ['30,000', 30_000],
      ['3,000,000', 3_000_000],
    ],
    why: 'Since 1983 the number is exact by definition: 299,792,458 metres per second. The metre follows from it.',
    ...{ difficulty: 'easy', sources: [nist, bipm] },
  },
  {
    id: 'sunlight-time',
    wordings: [
      'Light from the Sun takes about {} minutes to reach the Earth.',
      'We see the Sun as it was about {} minutes ago.',
    ],
    ...{ right: 'eight', value: 8.3, second: 8.3 },
    wrong: [
      ['two', 2],
      ['eighty', 80],
    ],
    why: 'The Sun is 150 million kilometres away. If it went out, we would not know for eight minutes.',
    ...{
      difficulty: 'easy',
      sources: [wiki('Astronomical unit'), nasa('facts about the Sun', 'sun/facts/')],
    },
  },
  {
    id: 'moon-distance',
    wordings: [
      'The Moon is about {} kilometres away from the Earth.',
      'The mean distance from the Earth to the Moon is about {} kilometres.',
    ],
    ...{ right: '384,000', value: 384_400, second: 384_400 },
    wrong: [
      ['38,000', 38_400],
      ['3.8 million', 3_844_000],
    ],
    why: 'All the other planets would fit side by side into the gap.',
    ...{
      difficulty: 'normal',
      sources: [wiki('Lunar distance'), nasa('facts about the Moon', 'moon/facts/')],
    },
  },
  {
    id: 'equator-speed',
    wordings: [
      'The turning Earth carries people at the equator along at about {} kilometres per hour.',
      'At the equator, the ground moves around the axis of the Earth at about {} kilometres per hour.',
    ],
    ...{ right: '1,670', value: 1670, second: 1674 },
    wrong: [
      ['670', 670],
      ['16,700', 16_700],
    ],
    why: 'It is faster than sound, but everything around moves along, so nobody feels it.',
    ...{
      difficulty: 'hard',
      sources: [
        wiki("Earth's rotation"),
        page('NASA, Earth fact sheet', 'https://nssdc.gsfc.nasa.gov/planetary/factsheet/earthfact.html'),
      ],
    },
  },
  {
    id: 'orbit-speed',
    wordings: [
      'On its way around the Sun, the Earth covers about {} kilometres in a second.',
      'The Earth flies around the Sun at about {} kilometres per second.',
    ],
    ...{ right: '30', value: 29.8, second: 29.8 },
    wrong: [
      ['3', 3],
      ['300', 300],
    ],
    why: 'While you read this sentence you have travelled a hundred kilometres.',
    ...{
      difficulty: 'normal',
      sources: [
        wiki("Earth's orbit"),
        page('NASA, Earth fact sheet', 'https://nssdc.gsfc.nasa.gov/planetary/factsheet/earthfact.html'),
      ],
    },
  },
  {
    id: 'earth-age',
    wordings: [
      'The Earth is about {} billion years old.',
      'It is about {} billion years since the Earth was formed.',
    ],
    ...{ right: '4.5', value: 4.54, second: 4.54 },
    wrong: [
      ['1.5', 1.5],
      ['13.8', 13.8],
    ],
    why: 'Meteorites tell it, by the lead that uranium has left in them. The universe is three times as old.',
    ...{
      difficulty: 'easy',
      sources: [
        wiki('Age of Earth'),
        page('U.S. Geological Survey: age of the Earth', 'https://pubs.usgs.gov/gip/geotime/age.html'),
      ],
    },
  },
  {
    id: 'universe-age',
    wordings: [
      'The universe is about {} billion years old.',
      'It is about {} billion years since the Big Bang.',
    ],
    ...{ right: '13.8', value: 13.8, second: 13.8 },
    wrong: [
      ['4.5', 4.5],
      ['138', 138],
    ],
    why: 'The oldest light that can be seen, the afterglow of the Big Bang, tells it to within one per cent.',
    ...{
      difficulty: 'normal',
      sources: [
        wiki('Age of the universe'),
        page('ESA, Planck', 'https://www.esa.int/Science_Exploration/Space_Science/Planck'),
      ],
    },
  },
  {
    id: 'light-year',
    wordings: [
      'A light-year is about {} trillion kilometres.',
      'In a year, light covers about {} trillion kilometres.',
    ],
    ...{ right: '9.5', value: 9.461, second: 9.461 },
    wrong: [
      ['0.95', 0.95],
      ['95', 95],
    ],
    why: 'It is a distance, not a time; the nearest star after the Sun is four of them away.',
    ...{
      difficulty: 'hard',
      sources: [
        wiki('Light-year'),
        page('NASA: What is a light-year?', 'https://exoplanets.nasa.gov/faq/26/what-is-a-light-year/'),
      ],
    },
  },
  {
    id: 'sun-width',
    wordings: [
      'Across the disc of the Sun, about {} Earths would fit side by side.',
      'The Sun is about {} times as wide as the Earth.',
    ],
    ...{ right: '109', value: 109, second: 109.2 },
    wrong: [
      ['19', 19],
      ['1,090', 1090],
    ],
    why: 'By volume more than a million Earths would fit inside.',
    ...{
      difficulty: 'normal',
      sources: [
        wiki('Sun'),
        page('NASA, Sun fact sheet', 'https://nssdc.gsfc.nasa.gov/planetary/factsheet/sunfact.html'),
      ],
    },
  },
  {
    id: 'sun-share',
    wordings: [
      'The Sun holds about {} per cent of the mass of the solar system.',
      'Of all the mass in the solar system, about {} per cent is in the Sun.',
    ],
    ...{ right: '99.8', value: 99.86, second: 99.8 },
    wrong: [
      ['75', 75],
      ['50', 50],
    ],
    why: 'Nearly all of the rest is Jupiter.',
    ...{ difficulty: 'normal', sources: [wiki('Solar System'), nasa('facts about the Sun', 'sun/facts/')] },
  },
  {
    id: 'moon-gravity',
    wordings: [
      'On the Moon you would weigh about {} of what you weigh on Earth.',
      'The gravity of the Moon is about {} of that of the Earth.',
    ],
    ...{ right: 'one sixth', value: 1 / 6, second: 0.166 },
    wrong: [
      ['one half', 0.5],
      ['one twentieth', 0.05],
    ],
    why: 'The strength in your legs stays the same, so you could jump over a car, space suit permitting.',
    ...{
      difficulty: 'easy',
      sources: [
        wiki('Moon'),
        page('NASA, Moon fact sheet', 'https://nssdc.gsfc.nasa.gov/planetary/factsheet/moonfact.html'),
      ],
    },
  },
  {
    id: 'sun-surface',
    wordings: [
      'The visible surface of the Sun has a temperature of about {} degrees Celsius.',
      'The Sun is about {} degrees Celsius hot at its visible surface.',
    ],
    ...{ right: '5,500', value: 5500, second: 5500 },
    wrong: [
      ['1,500', 1500],
      ['55,000', 55_000],
    ],
    why: 'Inside it has 15 million degrees, and its thin corona again more than a million; nobody quite knows why.',
    ...{ difficulty: 'normal', sources: [wiki('Sun'), nasa('facts about the Sun', 'sun/facts/')] },
  },
];
