// Misconceptions about the brain, sleep and learning. Written by us.

import { britannica, type Misconception, page, paper, wiki } from './misconception.ts';

export const mind: readonly Misconception[] = [
  {
    id: 'ten-percent',
    myth: 'People use only ten per cent of their brain.',
    fact: 'Over the course of a day, people use practically all of their brain.',
    why: 'Scans show no idle nine tenths, and damage to nearly any part of it has effects.',
    difficulty: 'easy',
    sources: [
      wiki('Ten percent of the brain myth'),
      paper('BMJ 335, 1288 (2007): Medical myths', '10.1136/bmj.39420.420370.25'),
    ],
  },
  {
    id: 'brain-halves',
    myth: 'Logical people think with the left half of the brain and creative people with the right half.',
    fact: 'Brain scans of a thousand people showed nobody to be left-brained or right-brained as a whole.',
    why: 'Some tasks do sit more on one side, language for instance, but everybody uses both.',
    difficulty: 'normal',
    sources: [
      wiki('Lateralization of brain function'),
      paper('PLoS ONE 8, e71275 (2013)', '10.1371/journal.pone.0071275'),
    ],
  },
  {
    id: 'mozart-babies',
    myth: 'Listening to Mozart makes babies more intelligent.',
    fact: 'The study that started the "Mozart effect" tested college students, not babies.',
    why: 'For some minutes they folded paper in their heads a little better; later studies found hardly any effect.',
    difficulty: 'normal',
    sources: [wiki('Mozart effect'), paper('Intelligence 38, 314 (2010)', '10.1016/j.intell.2010.03.001')],
  },
  {
    id: 'learning-styles',
    myth: 'It is proven that pupils learn better when taught in their own style, by eye or by ear.',
    fact: 'Studies have found no good evidence that matching lessons to "learning styles" helps pupils to learn.',
    why: 'People do have preferences, but what suits the subject helps everybody: a map is best seen.',
    difficulty: 'hard',
    sources: [
      wiki('Learning styles'),
      paper('Psychological Science in the Public Interest 9, 105 (2008)', '10.1111/j.1539-6053.2009.01038.x'),
    ],
  },
  {
    id: 'full-moon',
    myth: 'At full moon, hospitals and police stations see far more trouble than on other nights.',
    fact: 'Reviews of dozens of studies found no link between the full moon and crime or madness.',
    why: 'One remembers the wild nights with a full moon, and forgets the quiet ones.',
    difficulty: 'normal',
    sources: [
      wiki('Lunar effect'),
      paper('Psychological Bulletin 97, 286 (1985)', '10.1037/0033-2909.97.2.286'),
    ],
  },
  {
    id: 'waking-sleepwalkers',
    myth: 'Waking a sleepwalker can kill the sleepwalker by the shock.',
    fact: 'A woken sleepwalker is confused for a while, but is not harmed by being woken.',
    why: 'To let somebody stumble down the stairs is the greater danger. Best is to lead them gently back to bed.',
    difficulty: 'easy',
    sources: [wiki('Sleepwalking'), page('NHS: sleepwalking', 'https://www.nhs.uk/conditions/sleepwalking/')],
  },
  {
    id: 'five-senses',
    myth: 'Human beings have exactly five senses.',
    fact: 'Besides the five familiar ones, human beings have senses for balance, temperature and the position of limbs.',
    why: 'Five is the count of Aristotle. Close your eyes and touch your nose: that is one of the others.',
    difficulty: 'easy',
    sources: [wiki('Sense'), britannica('science/human-sensory-reception')],
  },
  {
    id: 'einstein-maths',
    myth: 'Albert Einstein failed mathematics at school.',
    fact: 'Albert Einstein had mastered calculus by the age of fifteen.',
    why: 'Shown a newspaper that claimed otherwise, he laughed and denied it.',
    difficulty: 'easy',
    sources: [
      wiki('Albert Einstein'),
      page(
        'History: 9 things about Albert Einstein',
        'https://www.history.com/news/9-things-you-may-not-know-about-albert-einstein',
      ),
    ],
  },
  {
    id: 'newton-apple',
    myth: 'Isaac Newton discovered gravity when an apple hit him on the head.',
    fact: 'Isaac Newton himself told friends that watching an apple fall had set him thinking.',
    why: 'A friend wrote the story down in 1752. That it fell on his head was added by others.',
    difficulty: 'normal',
    sources: [wiki('Isaac Newton'), britannica('biography/Isaac-Newton')],
  },
];
