// Where cities lie that people have heard of. Written by us, to a tenth of a degree; GeoNames is asked for a
// second opinion. Read by `city-positions.ts`.

export interface PlaceRow {
  readonly name: string;
  /** ISO code. */
  readonly country: string;
  /** Degrees. */
  readonly north: number;
  readonly east: number;
  /** How GeoNames writes the name, but for signs on letters. */
  readonly written: string;
}

/** One per line: name, ISO code of the country, degrees north, degrees east; after = what GeoNames writes. */
const cityPlaces = `
Abu Dhabi AE 24.5 54.4
Accra GH 5.6 -0.2
Addis Ababa ET 9.0 38.7
Algiers DZ 36.8 3.1
Amsterdam NL 52.4 4.9
Ankara TR 39.9 32.9
Astana KZ 51.2 71.4 = Nur-Sultan
Asunción PY -25.3 -57.6
Athens GR 38.0 23.7
Auckland NZ -36.8 174.8
Baghdad IQ 33.3 44.4
Baku AZ 40.4 49.9
Bangkok TH 13.8 100.5
Barcelona ES 41.4 2.2
Beijing CN 39.9 116.4
Beirut LB 33.9 35.5
Belgrade RS 44.8 20.5
Berlin DE 52.5 13.4
Bogotá CO 4.6 -74.1
Brasília BR -15.8 -47.9
Brussels BE 50.9 4.4
Bucharest RO 44.4 26.1
Budapest HU 47.5 19.0
Buenos Aires AR -34.6 -58.4
Cairo EG 30.1 31.2
Canberra AU -35.3 149.1
Cape Town ZA -33.9 18.4
Caracas VE 10.5 -66.9
Casablanca MA 33.6 -7.6
Chicago US 41.9 -87.7
Colombo LK 6.9 79.9
Copenhagen DK 55.7 12.6
Dakar SN 14.7 -17.5
Damascus SY 33.5 36.3
Delhi IN 28.7 77.2
Denver US 39.7 -105.0
Dhaka BD 23.7 90.4
Doha QA 25.3 51.5
Dubai AE 25.1 55.2
Dublin IE 53.3 -6.2
Edinburgh GB 55.9 -3.2
Geneva CH 46.2 6.1 = Genève
Hanoi VN 21.0 105.8
Harare ZW -17.8 31.1
Havana CU 23.1 -82.4
Helsinki FI 60.2 24.9
Hong Kong HK 22.3 114.2
Honolulu US 21.3 -157.9
Houston US 29.8 -95.4
Islamabad PK 33.7 73.1
Istanbul TR 41.0 28.9
Jakarta ID -6.2 106.8
Johannesburg ZA -26.2 28.0
Kabul AF 34.5 69.2
Kathmandu NP 27.7 85.3
Khartoum SD 15.6 32.5
Kingston JM 18.0 -76.8
Kinshasa CD -4.3 15.3
Kuala Lumpur MY 3.1 101.7
Kyiv UA 50.5 30.5
Kyoto JP 35.0 135.8
Lagos NG 6.5 3.4
Lima PE -12.0 -77.0
Lisbon PT 38.7 -9.1
London GB 51.5 -0.1
Los Angeles US 34.1 -118.2
Luanda AO -8.8 13.2
Madrid ES 40.4 -3.7
Manila PH 14.6 121.0
Marrakesh MA 31.6 -8.0
Marseille FR 43.3 5.4
Melbourne AU -37.8 145.0
Mexico City MX 19.4 -99.1
Miami US 25.8 -80.2
Milan IT 45.5 9.2
Minsk BY 53.9 27.6
Mogadishu SO 2.0 45.3
Monte Carlo MC 43.7 7.4 = Monte-Carlo
Montevideo UY -34.9 -56.2
Montreal CA 45.5 -73.6 = Montréal
Moscow RU 55.8 37.6
Mumbai IN 19.1 72.9
Munich DE 48.1 11.6
Nairobi KE -1.3 36.8
Naples IT 40.9 14.3
New Orleans US 30.0 -90.1
New York US 40.7 -74.0 = New York City
Osaka JP 34.7 135.5
Oslo NO 59.9 10.7
Ottawa CA 45.4 -75.7
Panama City PA 9.0 -79.5 = Panamá
Paris FR 48.9 2.3
Perth AU -31.9 115.8
Phnom Penh KH 11.6 104.9
Port-au-Prince HT 18.5 -72.3
Prague CZ 50.1 14.4
Pyongyang KP 39.0 125.8
Quito EC -0.2 -78.5
Rabat MA 34.0 -6.8
Reykjavik IS 64.1 -21.9 = Reykjavík
Riga LV 56.9 24.1
Rio de Janeiro BR -22.9 -43.2
Riyadh SA 24.7 46.7
Rome IT 41.9 12.5
Saint Petersburg RU 59.9 30.3
San Francisco US 37.8 -122.4
San José CR 9.9 -84.1
Santiago CL -33.5 -70.6
São Paulo BR -23.5 -46.6
Seattle US 47.6 -122.3
Seoul KR 37.6 127.0
Shanghai CN 31.2 121.5
Singapore SG 1.3 103.9
Sofia BG 42.7 23.3
Stockholm SE 59.3 18.1
Sydney AU -33.9 151.2
Taipei TW 25.0 121.5
Tallinn EE 59.4 24.8
Tashkent UZ 41.3 69.2
Tbilisi GE 41.7 44.8
Tehran IR 35.7 51.4
Tokyo JP 35.7 139.7
Toronto CA 43.7 -79.4
Tripoli LY 32.9 13.2
Tunis TN 36.8 10.2
Ulaanbaatar MN 47.9 106.9 = Ulan Bator
Vancouver CA 49.2 -123.1
Venice IT 45.4 12.3
Vienna AT 48.2 16.4
Vilnius LT 54.7 25.3
Warsaw PL 52.2 21.0
Washington US 38.9 -77.0 = Washington D.C.
Wellington NZ -41.3 174.8
Yerevan AM 40.2 44.5
Zagreb HR 45.8 16.0
Zurich CH 47.4 8.5 = Zürich
`;

export function placeRows(): PlaceRow[] {
  return cityPlaces
    .trim()
    .split('\n')
    .map((line) => {
      const [, name, country, north, east, written] =
        /^(.+) ([A-Z]{2}) (\S+) (\S+)(?: = (.+))?$/.exec(line) ?? [];
      if (!name || !country) throw new Error(`the table of cities has a line that cannot be read: ${line}`);
      return { name, country, north: Number(north), east: Number(east), written: written ?? name };
    });
}
