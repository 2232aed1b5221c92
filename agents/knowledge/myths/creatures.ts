// More misconceptions about animals, from the sea and from far away. Written by us.

import { britannica, type Misconception, page, paper, wiki } from './misconception.ts';

export const creatures: readonly Misconception[] = [
  {
    id: 'bears-penguins',
    myth: 'In the wild, polar bears hunt penguins.',
    fact: 'Polar bears and penguins never meet in the wild.',
    why: 'The bears live around the North Pole; all wild penguins live south of it by half a world, or near the equator.',
    difficulty: 'easy',
    sources: [wiki('Polar bear'), britannica('animal/polar-bear')],
  },
  {
    id: 'polar-bear-skin',
    myth: 'Under its white fur, a polar bear has pink skin.',
    fact: 'Under its white fur, the skin of a polar bear is black.',
    why: 'The hairs themselves are not white but transparent; they look white because they scatter light, as snow does.',
    difficulty: 'normal',
    sources: [
      wiki('Polar bear'),
      page('WWF: polar bear', 'https://www.worldwildlife.org/species/polar-bear'),
    ],
  },
  {
    id: 'giraffe-neck',
    myth: 'A giraffe has several times as many bones in its neck as a human being.',
    fact: 'A giraffe has as many bones in its neck as a human being: seven.',
    why: 'Each of its neck bones can be 25 cm long. Nearly all mammals have seven, even the mouse and the whale.',
    difficulty: 'normal',
    sources: [wiki('Giraffe'), britannica('animal/giraffe')],
  },
  {
    id: 'shark-cancer',
    myth: 'Sharks never get cancer.',
    fact: 'Tumours have been found in many kinds of sharks.',
    why: 'The belief sold millions of capsules of shark cartilage, which cure nothing, and cost many sharks their lives.',
    difficulty: 'normal',
    sources: [
      wiki('Shark cartilage'),
      paper('Cancer Research 64, 8485 (2004)', '10.1158/0008-5472.CAN-04-2260'),
    ],
  },
  {
    id: 'sharks-swimming',
    myth: 'All sharks must swim without a pause, or they suffocate.',
    fact: 'Some sharks, such as the nurse shark, can breathe while they lie still on the sea floor.',
    why: 'They pump water over their gills with their mouths. Fast hunters such as the great white have lost that art.',
    difficulty: 'normal',
    sources: [
      wiki('Shark'),
      page('Smithsonian Ocean: sharks', 'https://ocean.si.edu/ocean-life/sharks-rays/sharks'),
    ],
  },
  {
    id: 'koala-bear',
    myth: 'The koala is a small kind of bear.',
    fact: 'The koala is a marsupial, and its nearest living relatives are the wombats.',
    why: 'European settlers thought that it looked like a little bear. A newborn koala is as small as a bean and grows up in a pouch.',
    difficulty: 'easy',
    sources: [
      wiki('Koala'),
      page('Australian Museum: koala', 'https://australian.museum/learn/animals/mammals/koala/'),
    ],
  },
  {
    id: 'orca-dolphin',
    myth: 'The orca, or killer whale, belongs to the same family as the blue whale.',
    fact: 'The orca, or killer whale, is the largest member of the dolphin family.',
    why: 'Sailors who saw it hunt called it "whale killer", and the words were turned round.',
    difficulty: 'normal',
    sources: [
      wiki('Orca'),
      page('NOAA Fisheries: killer whale', 'https://www.fisheries.noaa.gov/species/killer-whale'),
    ],
  },
  {
    id: 'cat-purr',
    myth: 'A cat purrs only when it is happy.',
    fact: 'Cats also purr when they are hurt, frightened or giving birth.',
    why: 'Purring seems to calm the cat itself, and its vibrations may even help bones to heal.',
    difficulty: 'normal',
    sources: [
      wiki('Purr'),
      page('Scientific American', 'https://www.scientificamerican.com/article/why-do-cats-purr/'),
    ],
  },
  {
    id: 'octopus-hearts',
    myth: 'An octopus has a single heart, just as we do.',
    fact: 'An octopus has three hearts.',
    why: 'Two drive the blood through the gills and one through the body; and that blood is blue.',
    difficulty: 'normal',
    sources: [
      wiki('Octopus'),
      page(
        'Smithsonian Magazine',
        'https://www.smithsonianmag.com/science-nature/ten-curious-facts-about-octopuses-7625828/',
      ),
    ],
  },
  {
    id: 'flamingo-pink',
    myth: 'Flamingos are pink from the day they hatch.',
    fact: 'Flamingos hatch grey and turn pink from what they eat.',
    why: 'The colour comes from algae and small shrimps. On the wrong diet a grown flamingo fades.',
    difficulty: 'easy',
    sources: [wiki('Flamingo'), britannica('story/why-are-flamingos-pink')],
  },
  {
    id: 'male-mosquito',
    myth: 'Male and female mosquitoes both bite people to feed on blood.',
    fact: 'Only female mosquitoes bite; the males live on nectar and plant juices.',
    why: 'She needs the protein for her eggs. He has not even the mouthparts for it.',
    difficulty: 'normal',
    sources: [
      wiki('Mosquito'),
      page('U.S. Centers for Disease Control: mosquitoes', 'https://www.cdc.gov/mosquitoes/about/index.html'),
    ],
  },
  {
    id: 'wombat-cubes',
    myth: 'No animal in the world leaves droppings in the shape of cubes.',
    fact: 'Wombats leave droppings in the shape of cubes.',
    why: 'Their gut is stiffer in some places than in others. The cubes stay where they are put, as marks on rocks.',
    difficulty: 'hard',
    sources: [wiki('Wombat'), paper('Soft Matter 17, 475 (2021)', '10.1039/D0SM01230K')],
  },
  {
    id: 'guinea-pig-home',
    myth: 'Guinea pigs come from Guinea in West Africa.',
    fact: 'Guinea pigs come from South America, where people of the Andes have kept them for thousands of years.',
    why: 'Nobody knows how they came by the name: perhaps by ships that called at Guinea, or by mistake for Guiana.',
    difficulty: 'normal',
    sources: [wiki('Guinea pig'), britannica('animal/guinea-pig')],
  },
  {
    id: 'great-dane',
    myth: 'The Great Dane, the giant among dogs, was bred in Denmark.',
    fact: 'The Great Dane, the giant among dogs, was bred in Germany.',
    why: 'A French naturalist of the 18th century named it after Denmark. In German it is still the "German mastiff".',
    difficulty: 'hard',
    sources: [
      wiki('Great Dane'),
      page('American Kennel Club: Great Dane', 'https://www.akc.org/dog-breeds/great-dane/'),
    ],
  },
  {
    id: 'turkey-bird',
    myth: 'The turkey, the bird of Christmas dinners, was first domesticated in Turkey.',
    fact: 'The turkey, the bird of Christmas dinners, was first domesticated in Mexico.',
    why: 'The English took it for a fowl brought by Turkish merchants; in Turkish it is called "Hindi", from India.',
    difficulty: 'normal',
    sources: [wiki('Domesticated turkey'), britannica('animal/turkey-bird')],
  },
  {
    id: 'dinosaurs-people',
    myth: 'The first human beings still lived alongside the last of the great dinosaurs.',
    fact: 'Between the last great dinosaurs and the first human beings lie more than sixty million years.',
    why: 'The great dinosaurs died 66 million years ago. Their relatives, the birds, are still with us.',
    difficulty: 'easy',
    sources: [
      wiki('Dinosaur'),
      page(
        'U.S. Geological Survey: people and dinosaurs',
        'https://www.usgs.gov/faqs/did-people-and-dinosaurs-live-same-time',
      ),
    ],
  },
  {
    id: 'stegosaurus-rex',
    myth: 'Tyrannosaurus rex and Stegosaurus lived at the same time and could have fought each other.',
    fact: 'Tyrannosaurus rex lived closer in time to us than to Stegosaurus.',
    why: 'Stegosaurus died out about 145 million years ago, Tyrannosaurus 66 million years ago.',
    difficulty: 'hard',
    sources: [wiki('Stegosaurus'), britannica('animal/Stegosaurus')],
  },
];
