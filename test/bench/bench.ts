// `npm run bench -- <name> [--json]`: measures one part of the product beside what it could cost at least.

const names = ['engine'] as const;

const [wanted] = process.argv.slice(2);
const name = names.find((one) => one === wanted);
if (name === undefined) {
  console.error(`npm run bench -- <name>, one of: ${names.join(', ')}`);
  process.exit(2);
}
const { bench } = await import(`./${name}.ts`);
await bench(process.argv.includes('--json'));
// The driver and the keeper of Valkey leave nothing open, but what a repeat broke off may.
process.exit(0);
