// Misconceptions about the human body and health. Written by us; nothing here is medical advice.

import { type Misconception, page, paper, wiki } from './misconception.ts';

const commonList = wiki('List of common misconceptions about science, technology, and mathematics');
const myths2007 = paper('BMJ 335, 1288 (2007): Medical myths', '10.1136/bmj.39420.420370.25');
const myths2008 = paper('BMJ 337, a2769 (2008): Festive medical myths', '10.1136/bmj.a2769');

export const body: readonly Misconception[] = [
  {
    id: 'tongue-map',
    myth: 'Sweet is tasted only at the tip of the tongue, and bitter only at the back.',
    fact: 'Every part of the tongue that has taste buds can taste sweet, sour, salty and bitter.',
    why: 'The map in old schoolbooks goes back to a misread German drawing of 1901.',
    difficulty: 'easy',
    sources: [
      wiki('Tongue map'),
      paper('Nature 444, 288 (2006): The receptors for taste', '10.1038/nature05401'),
    ],
  },
  {
    id: 'growing-nails',
    myth: 'Hair and fingernails keep on growing for days after death.',
    fact: 'After death the skin dries and shrinks, so that hair and nails only seem to have grown.',
    why: 'To grow they would need sugar from the blood, and nobody brings it any more.',
    difficulty: 'easy',
    sources: [wiki('Nail (anatomy)'), myths2007],
  },
  {
    id: 'shaved-hair',
    myth: 'Hair that has been shaved grows back thicker and faster.',
    fact: 'Shaved hair grows back just as thick and just as fast as before.',
    why: 'The stubble feels coarse because its end is cut straight. A trial of 1928 found no difference.',
    difficulty: 'easy',
    sources: [wiki('Shaving'), myths2007],
  },
  {
    id: 'dim-light',
    myth: 'Reading in dim light ruins your eyesight for good.',
    fact: 'Reading in dim light tires the eyes, but does them no lasting harm.',
    why: 'The eyes blink less and dry out, and a night of sleep puts it right.',
    difficulty: 'easy',
    sources: [commonList, myths2007],
  },
  {
    id: 'eight-glasses',
    myth: 'Science has shown that everybody must drink at least eight glasses of water a day.',
    fact: 'Part of the water that we need each day comes from solid food.',
    why: 'A recommendation of 1945 added that most of it is already in what we eat; that sentence was forgotten.',
    difficulty: 'normal',
    sources: [
      myths2007,
      paper('Am. J. Physiol. 283, R993 (2002): Drink eight glasses?', '10.1152/ajpregu.00365.2002'),
    ],
  },
  {
    id: 'sugar-hyperactive',
    myth: 'Sugar makes children hyperactive.',
    fact: 'In blind trials, children behave the same whether or not they have been given sugar.',
    why: 'Parents who only believed that their child had had sugar rated it as wilder.',
    difficulty: 'normal',
    sources: [myths2008, paper('JAMA 274, 1617 (1995)', '10.1001/jama.1995.03530200053037')],
  },
  {
    id: 'head-heat',
    myth: 'In the cold, people lose most of their body heat through the head.',
    fact: 'In the cold, the head loses about as much heat as other bare parts of the body of its size.',
    why: 'In an army test of the 1950s the volunteers wore warm suits, and the head was the only part left bare.',
    difficulty: 'normal',
    sources: [commonList, myths2008],
  },
  {
    id: 'cracking-knuckles',
    myth: 'Cracking your knuckles causes arthritis.',
    fact: 'People who crack their knuckles get arthritis of the hand no more often than others.',
    why: 'One doctor cracked the joints of his left hand alone for about sixty years: both hands stayed the same.',
    difficulty: 'easy',
    sources: [
      wiki('Cracking joints'),
      paper('J. Am. Board Fam. Med. 24, 169 (2011)', '10.3122/jabfm.2011.02.100156'),
    ],
  },
  {
    id: 'swallowed-gum',
    myth: 'Chewing gum that you swallow stays in the stomach for seven years.',
    fact: 'Chewing gum that you swallow leaves the body within days.',
    why: 'The body cannot break down the gum base, but moves it along all the same.',
    difficulty: 'easy',
    sources: [
      page('Nemours KidsHealth: swallowed gum', 'https://kidshealth.org/en/kids/swallowed-gum.html'),
      page('Duke Health: swallowed gum', 'https://www.dukehealth.org/blog/swallowed-gum-dont-worry'),
    ],
  },
  {
    id: 'blue-blood',
    myth: 'The blood in our veins is blue until it meets the air.',
    fact: 'Human blood is always red: bright with oxygen, dark without it.',
    why: 'Veins look blue because of how skin scatters light, and how the eye compares colours.',
    difficulty: 'easy',
    sources: [
      wiki('Blood'),
      paper('Applied Optics 35, 1151 (1996): Why do veins appear blue?', '10.1364/AO.35.001151'),
    ],
  },
  {
    id: 'carrot-eyes',
    myth: 'Eating a lot of carrots lets you see in the dark.',
    fact: 'The tale that carrots give night vision was spread by Britain in the Second World War.',
    why: 'It was said that pilots ate carrots, which hid the radar. The eye does need its vitamins, but more than enough is no use.',
    difficulty: 'normal',
    sources: [
      wiki('Carrot'),
      page(
        'Smithsonian Magazine',
        'https://www.smithsonianmag.com/arts-culture/a-wwii-propaganda-campaign-popularized-the-myth-that-carrots-help-you-see-in-the-dark-28812484/',
      ),
    ],
  },
  {
    id: 'bacteria-ratio',
    myth: 'Bacteria in the human body outnumber its own cells by ten to one.',
    fact: 'The human body holds about as many bacteria as cells of its own.',
    why: 'The old ratio was a guess of 1972. A new count gave 38 trillion bacteria and 30 trillion cells.',
    difficulty: 'hard',
    sources: [
      wiki('Human microbiome'),
      paper('PLoS Biology 14, e1002533 (2016)', '10.1371/journal.pbio.1002533'),
    ],
  },
  {
    id: 'cold-virus',
    myth: 'Getting chilled is enough to give you the common cold, even if no virus is around.',
    fact: 'More than two hundred different viruses can cause the common cold.',
    why: 'In winter people sit close together in dry air, which suits the viruses; that gave the illness its name.',
    difficulty: 'easy',
    sources: [wiki('Common cold'), page('NHS: common cold', 'https://www.nhs.uk/conditions/common-cold/')],
  },
  {
    id: 'antibiotics-virus',
    myth: 'Antibiotics help against colds and the flu.',
    fact: 'Antibiotics act on bacteria and do nothing against the viruses of colds and flu.',
    why: 'Taking them without need breeds bacteria that no longer respond.',
    difficulty: 'easy',
    sources: [wiki('Antibiotic'), page('NHS: antibiotics', 'https://www.nhs.uk/conditions/antibiotics/')],
  },
  {
    id: 'newborn-bones',
    myth: 'A newborn baby has fewer bones than an adult.',
    fact: 'A newborn baby has more bones than an adult.',
    why: 'A baby starts with nearly 300 pieces; many grow together until 206 are left.',
    difficulty: 'normal',
    sources: [
      wiki('Human skeleton'),
      page('Nemours KidsHealth: bones', 'https://kidshealth.org/en/kids/bones.html'),
    ],
  },
  {
    id: 'twin-fingerprints',
    myth: 'Identical twins have identical fingerprints.',
    fact: 'Identical twins have different fingerprints.',
    why: 'The ridges form in the womb, where pressure and position differ a little for each twin.',
    difficulty: 'normal',
    sources: [
      wiki('Fingerprint'),
      page(
        'MedlinePlus: fingerprints',
        'https://medlineplus.gov/genetics/understanding/traits/fingerprints/',
      ),
    ],
  },
  {
    id: 'alcohol-warmth',
    myth: 'A strong drink warms the body up in the cold.',
    fact: 'Alcohol makes the body lose heat faster in the cold.',
    why: 'It widens the vessels of the skin. That feels warm, but the heat comes from the inside and is lost.',
    difficulty: 'normal',
    sources: [wiki('Hypothermia'), page('NHS: hypothermia', 'https://www.nhs.uk/conditions/hypothermia/')],
  },
];
