// Preloaded into a process (`--import`), it names each package of OpenTelemetry that the process loads, on
// stderr, the moment it does.

import { registerHooks } from 'node:module';

const named = new Set<string>();

registerHooks({
  load(url, context, next) {
    const [, name] = /node_modules\/(@opentelemetry\/[\w-]+)\//.exec(url) ?? [];
    if (name !== undefined && !named.has(name)) {
      named.add(name);
      process.stderr.write(`loads ${name}\n`);
    }
    return next(url, context);
  },
});
