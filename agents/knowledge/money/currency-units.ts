// What people call the money of a country, without the adjective that would give the country away, and where
// the word comes from. Written by us. Read by `currencies.ts`.

export interface Unit {
  readonly unit: string;
  /** Of the same family in another language: too close to be told apart in a question. */
  readonly kin?: string;
  readonly notes?: readonly [string, ...string[]];
}

const DOLLAR: Unit = {
  unit: 'dollar',
  notes: [
    'The word comes from the thaler, a coin from the silver mines of Joachimsthal in Bohemia.',
    'The dollar sign is older than the American dollar: it stood for Spanish pesos.',
    'More than twenty countries call their money by that name, each with its own value.',
  ],
};
const DINAR: Unit = {
  unit: 'dinar',
  notes: ['The word is the Roman denarius, which outlived its empire by far.'],
};
const DIRHAM: Unit = {
  unit: 'dirham',
  notes: ['The word is the Greek drachma, taken over by way of trade.'],
};
const FRANC: Unit = {
  unit: 'franc',
  notes: [
    'The name goes back to a French gold coin of 1360.',
    'France gave up the franc in 2002, but the name lives on elsewhere.',
  ],
};
const PESO: Unit = {
  unit: 'peso',
  notes: [
    'The Spanish word just means weight, as pound does in English.',
    'The Spanish peso, the "piece of eight", was the first money that was taken all over the world.',
  ],
};
const POUND: Unit = {
  unit: 'pound',
  notes: [
    'It was once worth a pound of silver.',
    'The sign for it is a letter L, for libra, the Roman pound.',
  ],
};
const RUPEE: Unit = { unit: 'rupee', notes: ['The word comes from Sanskrit and means wrought silver.'] };
const SHILLING: Unit = {
  unit: 'shilling',
  notes: ['Britain gave up the shilling in 1971; East Africa kept it.'],
};
const krona = (unit: string): Unit => ({ unit, kin: 'crown', notes: ['The word means crown.'] });
const LEU: Unit = { unit: 'leu', notes: ['The word means lion, after Dutch coins that bore one.'] };
const MANAT: Unit = { unit: 'manat', notes: ['The word comes from the Russian for coin.'] };
const SOM: Unit = { unit: 'som', notes: ['The word means pure, as in pure gold.'] };
const RIAL: Unit = {
  unit: 'rial',
  kin: 'real',
  notes: ['The word is the Spanish real, "royal", which sailors carried around the world.'],
};
const CFA: Unit = {
  unit: 'CFA franc',
  notes: [
    'Fourteen African countries share the name, in two unions; both francs are tied to the euro.',
    'It was introduced by France on 26 December 1945, and still has a fixed rate, now to the euro.',
  ],
};

/** By ISO 4217 code. */
export const units: Readonly<Record<string, Unit>> = {
  AED: DIRHAM,
  AFN: { unit: 'afghani' },
  ALL: { unit: 'lek', notes: ['It is named after Alexander the Great.'] },
  AMD: { unit: 'dram', notes: ['The word is the Greek drachma.'] },
  AOA: {
    unit: 'kwanza',
    notes: ['It is named after the longest river that flows entirely through the country.'],
  },
  ARS: PESO,
  AUD: {
    unit: 'Australian dollar',
    notes: ['In 1988 its notes became the first in the world to be made of plastic.'],
  },
  AZN: MANAT,
  BAM: { unit: 'convertible mark', notes: ['It was tied to the German mark, and outlived it.'] },
  BBD: DOLLAR,
  BDT: { unit: 'taka', notes: ['The word comes from an old name for silver coins.'] },
  BHD: DINAR,
  BIF: FRANC,
  BOB: { unit: 'boliviano' },
  BRL: {
    unit: 'real',
    notes: ['It tamed the great inflation of 1994; the word means royal, or simply real.'],
  },
  BWP: { unit: 'pula', notes: ['The word means rain, which is precious there.'] },
  BYN: { unit: 'ruble', notes: ['The name comes from a piece chopped off a bar of silver.'] },
  BZD: DOLLAR,
  CAD: DOLLAR,
  CDF: FRANC,
  CHF: { unit: 'Swiss franc', notes: ['Its coins have looked nearly the same since the 19th century.'] },
  CLP: PESO,
  CNY: { unit: 'yuan', notes: ['Yuan, yen and won are one word: it means round.'] },
  COP: PESO,
  CRC: { unit: 'colón', notes: ['It is named after Columbus, Colón in Spanish.'] },
  CUP: PESO,
  CVE: { unit: 'escudo', notes: ['The word means shield.'] },
  CZK: krona('koruna'),
  DJF: FRANC,
  DKK: krona('krone'),
  DOP: PESO,
  DZD: DINAR,
  EGP: POUND,
  ERN: { unit: 'nakfa', notes: ['It is named after a town that held out through the war of independence.'] },
  ETB: { unit: 'birr', notes: ['The word means silver.'] },
  EUR: {
    unit: 'euro',
    notes: [
      'The bridges on its notes belong to no country: they were invented, so that none is favoured.',
      'Its sign follows the Greek letter epsilon, with two bars for stability.',
      'Its coins have one common side and one that each country designs; all are good everywhere.',
      'Coins and notes came on 1 January 2002, three years after the accounts.',
    ],
  },
  FJD: DOLLAR,
  GBP: POUND,
  GEL: { unit: 'lari', notes: ['The word means hoard.'] },
  GHS: { unit: 'cedi', notes: ['The word means cowrie shell, the small change of former times.'] },
  GMD: { unit: 'dalasi' },
  GNF: FRANC,
  GTQ: { unit: 'quetzal', notes: ['It is named after a bird whose long feathers the Maya used as money.'] },
  GYD: DOLLAR,
  HNL: { unit: 'lempira', notes: ['It is named after a chief who fought the Spaniards.'] },
  HUF: { unit: 'forint', notes: ['It is named after the gold florins of Florence.'] },
  IDR: { unit: 'rupiah', notes: ['The word comes from Sanskrit and means wrought silver, like rupee.'] },
  ILS: { unit: 'shekel', notes: ['It was a weight of grain in Babylon before it was a coin.'] },
  INR: RUPEE,
  IQD: DINAR,
  IRR: RIAL,
  ISK: krona('króna'),
  JMD: DOLLAR,
  JOD: DINAR,
  JPY: { unit: 'yen', notes: ['Yen, yuan and won are one word: it means round.'] },
  KES: SHILLING,
  KGS: SOM,
  KHR: { unit: 'riel' },
  KMF: FRANC,
  KPW: { unit: 'won', notes: ['Won, yen and yuan are one word: it means round.'] },
  KRW: { unit: 'won', notes: ['Won, yen and yuan are one word: it means round.'] },
  KWD: DINAR,
  KZT: { unit: 'tenge', notes: ['The word means a pair of scales.'] },
  LAK: { unit: 'kip' },
  LBP: POUND,
  LKR: RUPEE,
  LRD: DOLLAR,
  LYD: DINAR,
  MAD: DIRHAM,
  MDL: LEU,
  MGA: { unit: 'ariary', notes: ['It is one of the last that is not decimal: five iraimbilanja make one.'] },
  MKD: {
    unit: 'denar',
    kin: 'denarius',
    notes: ['The word is the Roman denarius, which outlived its empire by far.'],
  },
  MMK: { unit: 'kyat', notes: ['It was a weight of silver first, about 16 grams.'] },
  MNT: { unit: 'tögrög', notes: ['The word means round.'] },
  MRU: { unit: 'ouguiya', notes: ['It is one of the last that is not decimal: five khoums make one.'] },
  MUR: RUPEE,
  MVR: { unit: 'rufiyaa', notes: ['The word comes from Sanskrit and means wrought silver, like rupee.'] },
  MWK: { unit: 'kwacha', notes: ['The word means dawn.'] },
  MXN: PESO,
  MYR: { unit: 'ringgit', notes: ['The word means jagged, after the edges of Spanish silver dollars.'] },
  MZN: { unit: 'metical', notes: ['The name comes from an Arab weight for gold.'] },
  NGN: { unit: 'naira', notes: ['The word is the name of the country, shortened.'] },
  NIO: { unit: 'córdoba', notes: ['It is named after the conquistador who founded the first cities.'] },
  NOK: krona('krone'),
  NPR: RUPEE,
  NZD: DOLLAR,
  OMR: RIAL,
  PEN: { unit: 'sol', notes: ['The word means sun.'] },
  PGK: { unit: 'kina', notes: ['It is named after a pearl shell that used to be money.'] },
  PHP: PESO,
  PKR: RUPEE,
  PLN: { unit: 'zloty', notes: ['The word means golden.'] },
  PYG: {
    unit: 'guaraní',
    notes: ['It is named after a people and their language, which most of the country speaks.'],
  },
  QAR: {
    unit: 'riyal',
    kin: 'real',
    notes: ['The word is the Spanish real, "royal", which sailors carried around the world.'],
  },
  RON: LEU,
  RSD: DINAR,
  RUB: { unit: 'ruble', notes: ['The name comes from a piece chopped off a bar of silver.'] },
  RWF: FRANC,
  SAR: {
    unit: 'riyal',
    kin: 'real',
    notes: ['The word is the Spanish real, "royal", which sailors carried around the world.'],
  },
  SBD: DOLLAR,
  SCR: RUPEE,
  SDG: POUND,
  SEK: krona('krona'),
  SGD: DOLLAR,
  SLE: { unit: 'leone' },
  SOS: SHILLING,
  SRD: DOLLAR,
  SSP: POUND,
  STN: { unit: 'dobra' },
  SYP: POUND,
  THB: { unit: 'baht', notes: ['It was a weight first, about 15 grams; gold is still sold by the baht.'] },
  TJS: { unit: 'somoni', notes: ['It is named after a ruler of the ninth century.'] },
  TMT: MANAT,
  TND: DINAR,
  TOP: { unit: 'paʻanga' },
  TRY: { unit: 'lira', notes: ['The word comes from libra, the Roman pound.'] },
  TTD: DOLLAR,
  TZS: SHILLING,
  UAH: { unit: 'hryvnia', notes: ['In the Kyiv of the Middle Ages it was a bar of silver.'] },
  UGX: SHILLING,
  USD: { unit: 'US dollar', notes: ['Several countries far from the United States pay with it, too.'] },
  UYU: PESO,
  UZS: SOM,
  VES: { unit: 'bolívar', notes: ['It is named after Simón Bolívar, the liberator of South America.'] },
  VND: { unit: 'dong', notes: ['The word means copper, and so coin.'] },
  VUV: { unit: 'vatu', notes: ['The word means stone.'] },
  WST: { unit: 'tala', notes: ['It is how the islanders pronounce dollar.'] },
  XAF: CFA,
  XCD: { unit: 'East Caribbean dollar', notes: ['Eight small islands share it.'] },
  XOF: CFA,
  YER: RIAL,
  ZAR: {
    unit: 'rand',
    notes: ['It is named after the Witwatersrand, the ridge where most of the gold was found.'],
  },
  ZMW: { unit: 'kwacha', notes: ['The word means dawn.'] },
};

/** Money that a country has given up; a test looks its end up in CLDR. */
export const givenUp: Readonly<Record<string, { readonly unit: string; readonly code: string }>> = {
  AT: { unit: 'schilling', code: 'ATS' },
  BE: { unit: 'franc', code: 'BEF' },
  CY: { unit: 'pound', code: 'CYP' },
  DE: { unit: 'mark', code: 'DEM' },
  EC: { unit: 'sucre', code: 'ECS' },
  EE: { unit: 'kroon', code: 'EEK' },
  ES: { unit: 'peseta', code: 'ESP' },
  FI: { unit: 'markka', code: 'FIM' },
  FR: { unit: 'franc', code: 'FRF' },
  GR: { unit: 'drachma', code: 'GRD' },
  HR: { unit: 'kuna', code: 'HRK' },
  IE: { unit: 'pound', code: 'IEP' },
  IT: { unit: 'lira', code: 'ITL' },
  LT: { unit: 'litas', code: 'LTL' },
  LU: { unit: 'franc', code: 'LUF' },
  LV: { unit: 'lats', code: 'LVL' },
  MT: { unit: 'lira', code: 'MTL' },
  NL: { unit: 'guilder', code: 'NLG' },
  PT: { unit: 'escudo', code: 'PTE' },
  SI: { unit: 'tolar', code: 'SIT' },
  SK: { unit: 'koruna', code: 'SKK' },
  SV: { unit: 'colón', code: 'SVC' },
};
