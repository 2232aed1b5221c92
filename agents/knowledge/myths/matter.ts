// Misconceptions about everyday physics and chemistry, and about machines. Written by us.

import { britannica, type Misconception, page, paper, wiki } from './misconception.ts';

export const matter: readonly Misconception[] = [
  {
    id: 'flowing-glass',
    myth: 'Old church windows are thicker at the bottom because glass slowly flows.',
    fact: 'Old window panes are uneven because they were made that way, not because glass flows.',
    why: 'A physicist worked out that visible sagging would take far longer than the universe is old.',
    difficulty: 'normal',
    sources: [
      wiki('Glass'),
      paper('American Journal of Physics 66, 392 (1998): Do cathedral glasses flow?', '10.1119/1.19026'),
    ],
  },
  {
    id: 'falling-penny',
    myth: 'A penny dropped from a skyscraper could kill a person in the street.',
    fact: 'A penny dropped from a skyscraper would do no worse than sting a person in the street.',
    why: 'It is light and flutters: the air soon stops it from getting any faster.',
    difficulty: 'easy',
    sources: [
      wiki('Terminal velocity'),
      page('Scientific American', 'https://www.scientificamerican.com/article/could-a-penny-dropped-off/'),
    ],
  },
  {
    id: 'pure-water',
    myth: 'Perfectly pure water is a good conductor of electricity.',
    fact: 'Perfectly pure water hardly conducts electricity.',
    why: 'It is the dissolved salts that carry the current, and water out of a tap is full of them.',
    difficulty: 'normal',
    sources: [
      wiki('Properties of water'),
      page(
        'U.S. Geological Survey: conductivity',
        'https://www.usgs.gov/special-topics/water-science-school/science/conductivity-electrical-conductance-and-water',
      ),
    ],
  },
  {
    id: 'pencil-lead',
    myth: 'Modern pencils are harmful to chew because they contain lead.',
    fact: 'The "lead" of a pencil is a mixture of graphite and clay.',
    why: 'When a great deposit of graphite was found in England in the 16th century, it was taken for a kind of lead.',
    difficulty: 'easy',
    sources: [wiki('Pencil'), britannica('technology/pencil-writing-implement')],
  },
  {
    id: 'wing-transit',
    myth: 'A wing lifts because the air above and the air below must meet again behind it at the same moment.',
    fact: 'The air above a lifting wing arrives at the rear edge before the air below it.',
    why: 'No law makes them meet again. A wing lifts because it turns the stream of air downwards.',
    difficulty: 'hard',
    sources: [
      wiki('Lift (force)'),
      page('NASA Glenn Research Center', 'https://www.grc.nasa.gov/www/k-12/airplane/wrong1.html'),
    ],
  },
  {
    id: 'banana-radiation',
    myth: 'Natural food such as bananas is free of any radioactivity.',
    fact: 'Bananas are very slightly radioactive.',
    why: 'A little of all natural potassium is radioactive, in us as well. There is no harm in a banana.',
    difficulty: 'normal',
    sources: [
      wiki('Banana equivalent dose'),
      page('U.S. Environmental Protection Agency', 'https://www.epa.gov/radtown/natural-radioactivity-food'),
    ],
  },
  {
    id: 'microwave-inside',
    myth: 'A microwave oven cooks food from the inside out.',
    fact: 'In a microwave oven, the middle of a thick roast is warmed by heat that spreads from the outer layers.',
    why: 'Microwaves go only a few centimetres deep.',
    difficulty: 'normal',
    sources: [
      wiki('Microwave oven'),
      page(
        'U.S. Food and Drug Administration: microwave ovens',
        'https://www.fda.gov/radiation-emitting-products/resources-you-radiation-emitting-products/microwave-ovens',
      ),
    ],
  },
  {
    id: 'orange-box',
    myth: 'The "black box" of an airliner is painted black.',
    fact: 'The "black box" of an airliner is painted bright orange.',
    why: 'It has to be found in wreckage, after all. The name is older than the rule.',
    difficulty: 'easy',
    sources: [
      wiki('Flight recorder'),
      page('U.S. National Transportation Safety Board', 'https://www.ntsb.gov/news/Pages/cvr_fdr.aspx'),
    ],
  },
  {
    id: 'gps-sending',
    myth: 'To find your position by GPS, your phone sends a signal up to the satellites.',
    fact: 'To find your position by GPS, your phone only listens to the satellites.',
    why: 'The satellites send the exact time; from the differences the phone works out where it is.',
    difficulty: 'normal',
    sources: [wiki('Global Positioning System'), page('GPS.gov', 'https://www.gps.gov/systems/gps/')],
  },
  {
    id: 'private-browsing',
    myth: 'Private browsing hides the websites you visit from your internet provider.',
    fact: 'Private browsing only keeps your own computer from remembering the websites you visited.',
    why: 'Employer, provider and websites see as much as ever. It is for birthday presents, not for secrets.',
    difficulty: 'easy',
    sources: [
      wiki('Private browsing'),
      page('Mozilla', 'https://support.mozilla.org/en-US/kb/common-myths-about-private-browsing'),
    ],
  },
  {
    id: 'web-birthplace',
    myth: 'The World Wide Web was invented in California.',
    fact: 'The World Wide Web was invented at a research centre in Switzerland.',
    why: 'Tim Berners-Lee proposed it at CERN in 1989. His chief noted: "Vague, but exciting."',
    difficulty: 'easy',
    sources: [wiki('World Wide Web'), page('CERN', 'https://home.cern/science/computing/birth-web')],
  },
  {
    id: 'email-web',
    myth: 'Email was invented after the World Wide Web, in the 1990s.',
    fact: 'Email between computers is about twenty years older than the World Wide Web.',
    why: 'Ray Tomlinson sent the first one in 1971 and chose the @ sign, because hardly anyone used it.',
    difficulty: 'normal',
    sources: [wiki('Email'), britannica('technology/e-mail')],
  },
  {
    id: 'first-webcam',
    myth: 'The first webcam watched the traffic in San Francisco.',
    fact: 'The first webcam watched a coffee pot in Cambridge, England.',
    why: 'Computer scientists were tired of climbing the stairs to an empty pot.',
    difficulty: 'normal',
    sources: [
      wiki('Trojan Room coffee pot'),
      page('University of Cambridge', 'https://www.cl.cam.ac.uk/coffee/coffee.html'),
    ],
  },
  {
    id: 'computer-bug',
    myth: 'The word "bug" for a technical fault was coined when a moth was found in a computer in 1947.',
    fact: 'Thomas Edison wrote of technical faults as "bugs" decades before the first computer.',
    why: 'The moth is real, and taped into a logbook: "first actual case of bug being found". It was a joke.',
    difficulty: 'hard',
    sources: [
      wiki('Software bug'),
      page(
        'National Museum of American History',
        'https://americanhistory.si.edu/collections/search/object/nmah_334663',
      ),
    ],
  },
  {
    id: 'bluetooth-king',
    myth: 'Bluetooth is named after a small blue lamp on the first devices.',
    fact: 'Bluetooth is named after a king of the Viking age.',
    why: 'Harald Bluetooth united the Danes, and the standard was to unite devices. Its logo joins his two runes.',
    difficulty: 'normal',
    sources: [
      wiki('Bluetooth'),
      page('Bluetooth SIG: origin of the name', 'https://www.bluetooth.com/about-us/bluetooth-origin/'),
    ],
  },
  {
    id: 'nintendo-cards',
    myth: 'Nintendo was founded in the 1970s to make video games.',
    fact: 'Nintendo was founded in the 19th century to make playing cards.',
    why: 'It began in Kyoto in 1889. It still makes cards.',
    difficulty: 'normal',
    sources: [
      wiki('Nintendo'),
      page(
        'Nintendo: history',
        'https://www.nintendo.com/en-gb/Hardware/Nintendo-History/Nintendo-History-625945.html',
      ),
    ],
  },
];
