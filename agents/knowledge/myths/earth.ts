// Misconceptions about weather, rocks, oceans and the Earth as a whole. Written by us.

import { britannica, type Misconception, page, paper, wiki } from './misconception.ts';

export const earth: readonly Misconception[] = [
  {
    id: 'lightning-twice',
    myth: 'Lightning never strikes the same place twice.',
    fact: 'The Empire State Building is struck by lightning about twenty times a year.',
    why: 'Lightning likes whatever is tall, pointed and alone, however often it has been there before.',
    difficulty: 'easy',
    sources: [
      wiki('Lightning strike'),
      page(
        'U.S. National Weather Service: lightning myths',
        'https://www.weather.gov/safety/lightning-myths',
      ),
    ],
  },
  {
    id: 'car-tyres',
    myth: 'A car protects from lightning because its rubber tyres insulate it from the ground.',
    fact: 'A car protects from lightning because its metal shell leads the current around the people inside.',
    why: 'A bolt that has crossed kilometres of air does not mind a few centimetres of rubber.',
    difficulty: 'normal',
    sources: [
      wiki('Faraday cage'),
      page(
        'U.S. National Weather Service: lightning myths',
        'https://www.weather.gov/safety/lightning-myths',
      ),
    ],
  },
  {
    id: 'lightning-heat',
    myth: 'The surface of the Sun is hotter than a bolt of lightning.',
    fact: 'A bolt of lightning is several times as hot as the surface of the Sun.',
    why: 'Lightning heats the air to some 30,000 °C for an instant; the surface of the Sun has about 5,500 °C.',
    difficulty: 'normal',
    sources: [
      wiki('Lightning'),
      page('U.S. National Weather Service', 'https://www.weather.gov/safety/lightning-temperature'),
    ],
  },
  {
    id: 'draining-water',
    myth: 'Bathwater always drains clockwise in one half of the world and anticlockwise in the other.',
    fact: 'Which way the water turns in a bathtub depends on the tub, not on the hemisphere.',
    why: 'The spin of the Earth steers hurricanes; in a tub the slightest swirl of filling it is far stronger.',
    difficulty: 'easy',
    sources: [
      wiki('Coriolis force'),
      page('Snopes: Coriolis effect', 'https://www.snopes.com/fact-check/coriolis-effect/'),
    ],
  },
  {
    id: 'blue-sky',
    myth: 'The sky is blue because it reflects the oceans.',
    fact: 'The sky is blue because the air scatters blue light more than red light.',
    why: 'It is blue in the middle of a desert, too; and a clear sea is blue because water swallows red.',
    difficulty: 'easy',
    sources: [
      wiki('Rayleigh scattering'),
      page('NASA Space Place: Why is the sky blue?', 'https://spaceplace.nasa.gov/blue-sky/en/'),
    ],
  },
  {
    id: 'raindrop-shape',
    myth: 'Falling raindrops have the shape of a tear with a pointed top.',
    fact: 'Falling raindrops are round when small and flattened like a bun when large.',
    why: 'Surface tension pulls a drop into a ball; the air it falls through presses its underside flat.',
    difficulty: 'normal',
    sources: [
      wiki('Drop (liquid)'),
      page(
        'U.S. Geological Survey',
        'https://www.usgs.gov/special-topics/water-science-school/science/are-raindrops-shaped-teardrops',
      ),
    ],
  },
  {
    id: 'largest-desert',
    myth: 'The Sahara is the largest desert on Earth.',
    fact: 'The largest desert on Earth is Antarctica.',
    why: 'A desert is a place with hardly any rain or snow. The Sahara is the largest of the hot ones.',
    difficulty: 'normal',
    sources: [
      wiki('Desert'),
      page('National Geographic: desert', 'https://education.nationalgeographic.org/resource/desert/'),
    ],
  },
  {
    id: 'highest-from-centre',
    myth: 'No point on the surface of the Earth is further from its centre than the top of Mount Everest.',
    fact: 'The point furthest from the centre of the Earth is the top of a volcano in Ecuador.',
    why: 'The Earth bulges at the equator. Chimborazo stands on the bulge and beats Everest by two kilometres.',
    difficulty: 'normal',
    sources: [
      wiki('Chimborazo'),
      page('NOAA: highest point on Earth', 'https://oceanservice.noaa.gov/facts/highestpoint.html'),
    ],
  },
  {
    id: 'air-oxygen',
    myth: 'The air that we breathe is mostly oxygen.',
    fact: 'Nearly four fifths of the air that we breathe is nitrogen.',
    why: 'Oxygen makes up a fifth. With much more of it, a wet forest would burn.',
    difficulty: 'easy',
    sources: [
      wiki('Atmosphere of Earth'),
      page(
        'NASA: ten interesting things about air',
        'https://climate.nasa.gov/news/2491/10-interesting-things-about-air/',
      ),
    ],
  },
  {
    id: 'ocean-oxygen',
    myth: 'Nearly all of the oxygen that is made on Earth comes from rainforests.',
    fact: 'About half of the oxygen that is made on Earth comes from the ocean.',
    why: 'Tiny drifting plants and bacteria make it; one kind is so small that millions fit into a drop of water.',
    difficulty: 'normal',
    sources: [
      wiki('Phytoplankton'),
      page('NOAA: oxygen from the ocean', 'https://oceanservice.noaa.gov/facts/ocean-oxygen.html'),
    ],
  },
  {
    id: 'tsunami-tide',
    myth: 'Tsunamis are tidal waves, raised by the pull of the Moon.',
    fact: 'Most tsunamis are raised by earthquakes under the sea.',
    why: 'Far out the wave is low and as fast as a jet aircraft; near the coast it slows down and piles up.',
    difficulty: 'easy',
    sources: [wiki('Tsunami'), page('NOAA: tsunami', 'https://oceanservice.noaa.gov/facts/tsunami.html')],
  },
  {
    id: 'earthquake-weather',
    myth: 'Earthquakes happen mostly in hot and calm weather.',
    fact: 'Earthquakes are as frequent in rain and snow as in sunshine.',
    why: 'They begin kilometres underground. The idea of "earthquake weather" goes back to Aristotle.',
    difficulty: 'normal',
    sources: [
      wiki('Earthquake weather'),
      page('U.S. Geological Survey', 'https://www.usgs.gov/faqs/there-earthquake-weather'),
    ],
  },
  {
    id: 'quicksand',
    myth: 'Quicksand pulls its victims under until they are gone completely.',
    fact: 'A person in quicksand sinks in only to about the waist.',
    why: 'The body is half as dense as the sand and floats. It is still hard to get out, and the tide may come.',
    difficulty: 'easy',
    sources: [wiki('Quicksand'), paper('Nature 437, 635 (2005)', '10.1038/437635a')],
  },
  {
    id: 'diamond-coal',
    myth: 'Most diamonds were made from coal that was pressed deep in the Earth.',
    fact: 'Most diamonds are older than the first land plants, of which coal is made.',
    why: 'They formed from carbon in the mantle, more than 150 km down; coal lies near the surface.',
    difficulty: 'normal',
    sources: [wiki('Diamond'), page('Geology.com', 'https://geology.com/articles/diamonds-from-coal/')],
  },
  {
    id: 'mercator-greenland',
    myth: 'Greenland is about as large as Africa, as world maps show.',
    fact: 'Africa is about fourteen times as large as Greenland.',
    why: 'The common map of Mercator keeps angles true for sailors, and swells everything near the poles.',
    difficulty: 'easy',
    sources: [wiki('Mercator projection'), britannica('science/Mercator-projection')],
  },
];
