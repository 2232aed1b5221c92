// What operators see of a server, and what it does for them: the desk over HTTP, measurements, and rooms at
// rest that are archived by themselves.

import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { Complain } from '../http/complaints.ts';
import type { LiveDeps } from '../live/session.ts';
import { keepRetaining } from '../operate/keep-retaining.ts';
import { operatorOn } from '../operate/operator.ts';
import { createOps } from '../ops/api.ts';
import { createMetrics } from '../ops/metrics.ts';
import { createFigures } from '../telemetry/figures.ts';
import type { Service } from '../telemetry/open.ts';
import { createSampler } from '../telemetry/sample.ts';
import type { GameAtServer } from './game-at-server.ts';

export interface Desk {
  readonly game: GameAtServer;
  readonly live: Pick<LiveDeps, 'traffic' | 'bug'>;
  /** How many are open. */
  readonly sockets: () => number;
  readonly complain: Complain;
  readonly service: Service;
}

export function opsOn({ ops }: Config, { game, live, sockets, complain, service }: Desk) {
  const { traffic, bug } = live;
  const operator = operatorOn(game.opened, 'console');
  return createOps({ operator, name: service.instance, traffic, sockets, ...ops, complain, bug });
}

export function samplerOn({ game: { commands, keys, telemetry, health }, live, sockets }: Desk) {
  const operator = { connection: commands, keys };
  const degraded = async () => (await health()).degraded.filter(({ elsewhere }) => elsewhere !== true);
  return createSampler(telemetry.meter, { operator, traffic: live.traffic, sockets, degraded });
}

/** `sample` is called at each request for the measurements. */
export function metricsOn({ ops }: Config, { game, complain, service }: Desk, sample: () => Promise<void>) {
  const { commands, keys, telemetry } = game;
  return createMetrics({
    name: `${service.name} ${service.instance}`,
    snapshot: telemetry.registry.snapshot,
    sample,
    others: createFigures(commands, keys.figures).all,
    complain,
    token: ops.token,
    proxied: ops.proxied,
  });
}

/** Only where the operator said for how long rooms may rest: files that were not asked for surprise. */
export function retainOn(
  { retain: { byItself, ...rest } }: Config,
  { opened, telemetry: { shortfalls } }: GameAtServer,
  log: Logger,
  signal: AbortSignal,
): Promise<void>[] {
  const operator = () => operatorOn(opened, 'retain');
  return byItself ? [keepRetaining({ ...rest, operator, log, tell: shortfalls.tell }, signal)] : [];
}
