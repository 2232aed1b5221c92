// Player's pages in a real browser, before a server whose line can be cut.

import type { BrowserContext, Page } from 'playwright-core';
import { join } from './at-the-page.ts';
import { openBrowser } from './chromium.ts';
import { type Serving, startServing } from './serving.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
import type { WireClient, WireReply } from './wire-client.ts';

export interface Pages {
  readonly arena: Serving;
  /** What all pages come through. */
  readonly line: TcpProxy;
  newContext(): Promise<BrowserContext>;
  /** In a context of its own if none is given. */
  open(path: string, context?: BrowserContext): Promise<Page>;
  /** Joins by the page's own form. */
  join(room: string, name: string): Promise<Page>;
  /** A room whose host is a program; `start` starts the game. */
  aRoom(settings: object): Promise<Room>;
  /** Closes every page, and mends the line. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

interface Room {
  readonly room: string;
  readonly hostToken: string;
  readonly host: WireClient;
  readonly start: () => Promise<WireReply>;
}

export async function openPages(): Promise<Pages> {
  const arena = await startServing({ LEAD_MS: '300', INTERMISSION_MS: '600' });
  const line = await startTcpProxy(Number(new URL(arena.http).port));
  const chromium = await openBrowser();
  let contexts: BrowserContext[] = [];

  async function newContext(): Promise<BrowserContext> {
    const viewport = { width: 390, height: 780 };
    const context = await chromium.browser.newContext({ locale: 'en-US', viewport });
    contexts.push(context);
    return context;
  }

  async function open(path: string, context?: BrowserContext): Promise<Page> {
    const page = await (context ?? (await newContext())).newPage();
    await page.goto(line.url + path);
    return page;
  }

  return {
    arena,
    line,
    newContext,
    open,
    async join(room, name) {
      const page = await open(`/j/${room}`);
      await join(page, name);
      return page;
    },
    async aRoom(settings) {
      const { room, hostToken } = await arena.makeRoom(settings);
      const host = arena.client({ room, role: 'host', token: hostToken });
      await host.connect();
      return { room, hostToken, host, start: () => host.request('start', { after: null }) };
    },
    async clear() {
      line.restore();
      for (const context of contexts) await context.close();
      contexts = [];
    },
    async close() {
      await chromium.close();
      await line.stop();
      await arena.stop();
    },
  };
}
