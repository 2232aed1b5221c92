import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(root + path, 'utf8');
const notice = read('NOTICE').replace(/\s+/g, ' ');
const Versions = z.record(z.string(), z.string());
const all = z
  .object({ dependencies: Versions, devDependencies: Versions })
  .parse(JSON.parse(read('package.json')));
const dependencies = { ...all.dependencies, ...all.devDependencies };

const Licence = z.union([
  z.object({ license: z.string() }).transform(({ license }) => license),
  z.object({ licenses: z.tuple([z.object({ type: z.string() })]) }).transform((all) => all.licenses[0].type),
]);
const licenceOf = (path: string) => Licence.parse(JSON.parse(read(`${path}/package.json`)));

/** How the NOTICE calls what packages call by a code. */
const called: Readonly<Record<string, string>> = {
  MIT: 'MIT',
  ISC: 'ISC',
  'Unicode-3.0': 'Unicode License V3',
  'ODbL-1.0': 'Open Database License (ODbL) 1.0',
};

describe('the licences', () => {
  test('of all data that claims are made from stand in NOTICE, with the version that is installed', () => {
    const knowledge = readdirSync(`${root}agents/knowledge`, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => read(`agents/knowledge/${path}`))
      .join();
    const used = Object.keys(dependencies).filter(
      (name) => name !== 'zod' && new RegExp(`'${name}(/[^']*)?'`).test(knowledge),
    );
    expect(used.length).toBeGreaterThan(8);
    const entries = notice.split(/ (?=[\w-]+ \d+\.\d+\.\d+ \(https)/).slice(1);
    expect(entries.map((entry) => entry.split(' ')[0]).sort()).toEqual(used.sort());
    for (const name of used) {
      const entry = entries.find((one) => one.startsWith(`${name} ${dependencies[name]} (`));
      const licence = called[licenceOf(`node_modules/${name}`)];
      expect(licence, name).toBeDefined();
      expect(entry, name).toContain(licence);
    }
  });

  test('of everything that an image brings along may be passed on with it', () => {
    const Lock = z.object({
      packages: z.record(
        z.string(),
        z.object({ dev: z.boolean().optional(), license: z.string().optional() }),
      ),
    });
    const { packages } = Lock.parse(JSON.parse(read('package-lock.json')));
    const passed = new Set(['MIT', 'ISC', 'BSD-3-Clause', 'Apache-2.0', 'Unicode-3.0', 'ODbL-1.0']);
    const others = Object.entries(packages).flatMap(([path, { dev, license }]) => {
      if (dev || path === '') return [];
      const licence = license ?? licenceOf(path);
      return passed.has(licence) ? [] : [`${path}: ${licence}`];
    });
    expect(others).toEqual([]);
  });
});
