// Says every half minute how far the tests are and which files run: with several side by side, a long one
// says nothing until it ends.

import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Reporter, TestModule, TestSpecification } from 'vitest/node';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sayMs = 30_000;

export default class Progress implements Reporter {
  private readonly running = new Map<string, number>();
  private all = 0;
  private ended = 0;
  private timer: NodeJS.Timeout | undefined;

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.all = specifications.length;
    this.timer = setInterval(() => this.say(), sayMs);
  }

  onTestModuleStart({ moduleId }: TestModule): void {
    this.running.set(moduleId, performance.now());
  }

  onTestModuleEnd({ moduleId }: TestModule): void {
    this.running.delete(moduleId);
    this.ended += 1;
  }

  onTestRunEnd(): void {
    clearInterval(this.timer);
  }

  private say(): void {
    const now = performance.now();
    const running = [...this.running].map(
      ([file, since]) => `${relative(root, file)} for ${Math.round((now - since) / 1_000)} s`,
    );
    process.stderr.write(
      `test: ${this.ended} of ${this.all} files are done; running: ${running.join(', ')}\n`,
    );
  }
}
