// Misconceptions about animals. Written by us.

import { britannica, type Misconception, page, paper, wiki } from './misconception.ts';

const spiderMyths =
  'https://www.burkemuseum.org/collections-and-research/biology/arachnology-and-entomology/spider-myths';

export const animals: readonly Misconception[] = [
  {
    id: 'goldfish-memory',
    myth: 'A goldfish forgets everything after about three seconds.',
    fact: 'A goldfish can remember for months what it has learned.',
    why: 'Trained goldfish press levers for food at the right hour and come to a sound they learned months before.',
    difficulty: 'easy',
    sources: [
      wiki('Goldfish'),
      page('Live Science: goldfish memory', 'https://www.livescience.com/goldfish-memory.html'),
    ],
  },
  {
    id: 'blind-bats',
    myth: 'Bats are blind and find their way by echoes alone.',
    fact: 'All bats can see, and many large fruit bats find their food by sight and smell, without echoes.',
    why: 'Their eyes are good in the dusk. Echoes are an extra sense for hunting insects in the dark.',
    difficulty: 'easy',
    sources: [
      wiki('Bat'),
      page('U.S. Geological Survey: Are bats blind?', 'https://www.usgs.gov/faqs/are-bats-blind'),
    ],
  },
  {
    id: 'ostrich-head',
    myth: 'A frightened ostrich buries its head in the sand.',
    fact: 'A threatened ostrich runs away, or lies down flat with its neck along the ground.',
    why: 'Seen from afar, a pale neck pressed to the ground disappears, and so the legend was born in antiquity.',
    difficulty: 'easy',
    sources: [wiki('Common ostrich'), britannica('animal/ostrich')],
  },
  {
    id: 'red-rag',
    myth: 'The colour red makes a bull angry.',
    fact: 'A bull charges at the movement of the cape, whatever its colour.',
    why: 'Cattle lack the receptor for red. White and blue capes were attacked just as often in tests.',
    difficulty: 'easy',
    sources: [
      wiki('Bullfighting'),
      page(
        'Live Science: Why do bulls charge at red?',
        'https://www.livescience.com/33700-bulls-charge-red.html',
      ),
    ],
  },
  {
    id: 'lemming-suicide',
    myth: 'Lemmings throw themselves off cliffs in mass suicides.',
    fact: 'The famous scene of lemmings leaping to their deaths was staged for a nature film of 1958.',
    why: 'For "White Wilderness" the animals were bought, put on a snow-covered turntable and pushed over the edge.',
    difficulty: 'normal',
    sources: [
      wiki('Lemming'),
      page(
        'Alaska Department of Fish and Game',
        'https://www.adfg.alaska.gov/index.cfm?adfg=wildlifenews.view_article&articles_id=56',
      ),
    ],
  },
  {
    id: 'camel-hump',
    myth: 'A camel stores water in its hump.',
    fact: 'The hump of a camel is a store of fat.',
    why: 'All its fat in one place lets the rest of the body lose heat. Water is saved by the kidneys and the nose.',
    difficulty: 'easy',
    sources: [wiki('Camel'), britannica('animal/camel')],
  },
  {
    id: 'chameleon-camouflage',
    myth: 'A chameleon changes its colour to match whatever it sits on.',
    fact: 'Chameleons change colour mainly to show their mood and to regulate their temperature.',
    why: 'Tiny crystals in the skin move apart or together. A rival or a cold morning matters more than the leaf.',
    difficulty: 'normal',
    sources: [wiki('Chameleon'), paper('Nature Communications 6, 6368 (2015)', '10.1038/ncomms7368')],
  },
  {
    id: 'dog-colours',
    myth: 'Dogs see the world only in black and white.',
    fact: 'Dogs see blue and yellow, but cannot tell red from green.',
    why: 'They have two kinds of cone cells in the eye; most people have three.',
    difficulty: 'normal',
    sources: [wiki('Dog'), paper('Visual Neuroscience 3, 119 (1989)', '10.1017/S0952523800004430')],
  },
  {
    id: 'dog-years',
    myth: 'One year in the life of a dog always equals seven human years.',
    fact: 'A dog grows up very fast: after its first year it is about as mature as a human teenager.',
    why: 'After that ageing slows down, and large breeds age faster than small ones, so no single factor fits.',
    difficulty: 'normal',
    sources: [
      wiki('Aging in dogs'),
      page(
        'American Kennel Club: dog years',
        'https://www.akc.org/expert-advice/health/how-to-calculate-dog-years-to-human-years/',
      ),
    ],
  },
  {
    id: 'bees-die',
    myth: 'Every kind of bee dies after it has stung once.',
    fact: 'A bumblebee can sting several times and live on.',
    why: 'Only the worker honeybee has such large barbs that its sting stays behind in our elastic skin.',
    difficulty: 'normal',
    sources: [wiki('Bumblebee'), britannica('animal/bumblebee')],
  },
  {
    id: 'bumblebee-flight',
    myth: 'According to the laws of physics, bumblebees should be unable to fly.',
    fact: 'The flight of bees is well explained by physics: their wings make swirls that give extra lift.',
    why: 'The legend goes back to a sum that treated them as tiny aeroplanes with fixed wings.',
    difficulty: 'easy',
    sources: [wiki('Bumblebee'), paper('PNAS 102, 18213 (2005)', '10.1073/pnas.0506590102')],
  },
  {
    id: 'touched-chick',
    myth: 'Birds abandon a chick as soon as a human being has touched it.',
    fact: 'Most birds go on caring for a chick that a human being has put back into the nest.',
    why: 'Most birds have a poor sense of smell, and parents do not give up lightly what cost them so much effort.',
    difficulty: 'easy',
    sources: [
      wiki('List of common misconceptions about science, technology, and mathematics'),
      page(
        'Scientific American',
        'https://www.scientificamerican.com/article/fact-or-fiction-birds-abandon-young-at-human-touch/',
      ),
    ],
  },
  {
    id: 'toad-warts',
    myth: 'Touching a toad gives you warts.',
    fact: 'Warts on the skin are caused by a virus that passes between people.',
    why: 'The bumps of a toad are glands. The human papillomavirus does not live in toads.',
    difficulty: 'easy',
    sources: [
      wiki('Wart'),
      page('NHS: warts and verrucas', 'https://www.nhs.uk/conditions/warts-and-verrucas/'),
    ],
  },
  {
    id: 'swallowed-spiders',
    myth: 'A person swallows about eight spiders a year while asleep.',
    fact: 'Spiders keep away from sleeping people, whose breath and heartbeat warn them of a big animal.',
    why: 'No study ever found such a thing; the number spread as an example of what people believe.',
    difficulty: 'easy',
    sources: [
      page('Burke Museum: spider myths', spiderMyths),
      page(
        'Scientific American',
        'https://www.scientificamerican.com/article/fact-or-fiction-people-swallow-8-spiders-a-year-while-they-sleep1/',
      ),
    ],
  },
  {
    id: 'earthworm-halves',
    myth: 'If you cut an earthworm in two, both halves live on as new worms.',
    fact: 'A common earthworm that is cut in two never becomes two worms; at best the front half survives.',
    why: 'Head, hearts and most organs are in front. Some flatworms can do the trick, which may explain the belief.',
    difficulty: 'easy',
    sources: [wiki('Earthworm'), britannica('animal/earthworm')],
  },
  {
    id: 'owl-circle',
    myth: 'An owl can turn its head all the way round, through 360 degrees.',
    fact: 'An owl can turn its head about three quarters of a full circle.',
    why: 'Its eyes cannot move in their sockets, so the neck does it: 14 vertebrae, twice as many as ours.',
    difficulty: 'normal',
    sources: [wiki('Owl'), britannica('animal/owl')],
  },
];
