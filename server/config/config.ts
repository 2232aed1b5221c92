// The configuration: read from the environment once, checked, frozen, and handed on in slices. `.env.schema`
// describes each variable, for Varlock and for people; Varlock itself is not needed. A wrong value ends the
// start, and the message names all wrong values at once.

import { isIPv6 } from 'node:net';
import { z } from 'zod';
import { limits } from '../../core/limits.ts';
import { isNetwork } from '../http/ip-address.ts';
import { BudgetSettings, budgetFrom } from './configured-budget.ts';
import { quotable, secretsIn } from './configured-secrets.ts';

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const modelName = z.string().min(1).max(limits.modelNameCharsMax);
const provider = z.enum(['embedded', 'ollama', 'openai']);
const url = (...protocols: string[]) =>
  z.url({
    protocol: new RegExp(`^(${protocols.join('|')})$`),
    error: `an address that begins with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`,
  });
const valkeyUrl = url('redis', 'rediss', 'valkey', 'valkeys');

/** An address whose password can be decoded and whose path, if there is one, is the number of a database. */
function isAddress(text: string): boolean {
  if (!valkeyUrl.safeParse(text).success) return false;
  const { username, password, pathname } = new URL(text);
  try {
    decodeURIComponent(username + password);
  } catch {
    return false;
  }
  return /^\/?\d{0,2}$/.test(pathname);
}

/** One address, or several nodes of a cluster, separated by commas. */
const valkeyUrls = z
  .string()
  .refine(
    (text) => text.split(',').every((one) => isAddress(one.trim())),
    'redis://user:password@host:port, with %25 for a % in the password; several of a cluster with commas between',
  );
const origins = z.string().transform((text) => text.split(',').map((origin) => origin.trim()));

const networks = z
  .string()
  .transform((text) => text.split(',').map((one) => one.trim()))
  .refine(
    (all) => all.every(isNetwork),
    'addresses or networks, as 10.0.0.7, 10.0.0.0/8, with commas between',
  );

/** `model=input/output, …` in US dollars per million tokens. */
const prices = z
  .string()
  .regex(/^(\s*[^=,]+=\d+(\.\d+)?\/\d+(\.\d+)?\s*(,|$))+$/, 'model=input/output, …')
  .transform((text) =>
    Object.fromEntries(
      text.split(',').map((entry) => {
        const [model = '', price = ''] = entry.split('=');
        const [input, output] = price.split('/').map(Number);
        return [model.trim(), { input: input ?? 0, output: output ?? 0 }];
      }),
    ),
  );

/**
 * The exporter leaves out what is no header, without a word. Its requests would then be refused by the
 * collector, which would look like the collector's fault.
 */
const headers = z
  .string()
  .refine(
    (text) => text.split(',').every((pair) => /^\s*[\w!#$%&'*+.^`|~-]+\s*=[ -~]+$/.test(pair)),
    'name=value,name=value',
  );

/** Every variable with its default. A variable without one is optional. */
export const Environment = z.object({
  PORT: whole(0, 65_535).default(8_000),
  HOST: z.string().min(1).default('0.0.0.0'),
  PUBLIC_URL: url('http', 'https').optional(),
  ARENA_OPS_TOKEN: z.string().min(8).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: url('http', 'https').optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url('http', 'https').optional(),
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: url('http', 'https').optional(),
  // The exporter reads this one itself. It stands here to be checked, and because it is a secret.
  OTEL_EXPORTER_OTLP_HEADERS: headers.optional(),
  ARENA_TRACE_CONTENT: z.stringbool().default(false),
  JAEGER_URL: url('http', 'https').optional(),
  TRUSTED_PROXIES: networks.optional(),
  ALLOWED_ORIGINS: origins.pipe(z.array(url('http', 'https'))).optional(),
  VALKEY_URL: valkeyUrls.optional(),
  ARENA_DURABILITY: z.enum(['disk', 'replicated']).default('disk'),
  ARENA_DATA_DIR: z.string().min(1).default('.arena'),
  ARENA_SLOT: z
    .string()
    .regex(/^[\w.-]{1,60}$/)
    .optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  DEFAULT_ROUNDS: whole(limits.roundsMin, limits.roundsMax).default(10),
  DEFAULT_SECONDS: whole(limits.secondsMin, limits.secondsMax).default(15),
  LEAD_MS: whole(0, 30_000).default(3_000),
  INTERMISSION_MS: whole(0, limits.intermissionMsMax).default(6_000),
  STAGE_TIMEOUT_MS: whole(1_000, 600_000).default(60_000),
  CLAIMS_AHEAD: whole(1, limits.claimsAheadMax).default(3),
  AGENT_CONCURRENCY: whole(1, 64).default(3),
  HANDLER_TIMEOUT_MS: whole(1_000, 3_600_000).default(120_000),
  RESEARCHER_PROVIDER: provider.default('embedded'),
  RESEARCHER_MODEL: modelName.optional(),
  WRITER_PROVIDER: provider.default('embedded'),
  WRITER_MODEL: modelName.optional(),
  EDITOR_PROVIDER: provider.default('embedded'),
  EDITOR_MODEL: modelName.optional(),
  EDITOR_CONFIDENCE_MIN: z.coerce.number().min(0).max(1).default(0.75),
  MODEL_TIMEOUT_MS: whole(100, 600_000).default(20_000),
  OLLAMA_URL: url('http', 'https').default('http://127.0.0.1:11434'),
  OPENAI_API_KEY: z.string().min(1).optional(),
  OPENAI_BASE_URL: url('http', 'https').optional(),
  EMBEDDER_PROVIDER: provider.default('embedded'),
  EMBEDDER_MODEL: modelName.optional(),
  EMBEDDER_DIMENSIONS: whole(8, 4_096).default(768),
  RETAIN_DAYS: z.coerce.number().min(0).optional(),
  ARCHIVE_DIR: z.string().min(1).default('archive'),
  MODEL_PRICES: prices.optional(),
  ...BudgetSettings,
});
type Environment = z.infer<typeof Environment>;

const modelOf = { embedded: 'knowledge', ollama: 'llama3.2', openai: 'gpt-5-mini' } as const;
const embedderOf = { embedded: '', ollama: 'nomic-embed-text', openai: 'text-embedding-3-small' } as const;

/** Thrown at start; the message has a line for each wrong value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export type Config = ReturnType<typeof arrange>;

/**
 * Reads the configuration. An empty variable counts as one that is not set.
 * @throws ConfigError naming every wrong value and what is allowed.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const known = Object.keys(Environment.shape);
  const given = known.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  const parsed = Environment.safeParse(Object.fromEntries(given));
  const wrong = [
    ...(parsed.error?.issues.map(describe(env)) ?? []),
    ...missingKey(env),
    ...(parsed.success ? tooShort(parsed.data) : []),
  ];
  if (!parsed.success || wrong.length > 0) {
    throw new ConfigError(`This configuration cannot work:\n${wrong.map((line) => `  ${line}`).join('\n')}`);
  }
  return Object.freeze(arrange(parsed.data));
}

function describe(env: Readonly<Record<string, string | undefined>>) {
  return ({ path, message }: z.core.$ZodIssue): string => {
    const name = String(path[0]);
    return `${name}: ${quotable(name, env[name])} is not allowed (${message})`;
  };
}

/** OpenAI itself needs a key. A compatible server at OPENAI_BASE_URL may not. */
function missingKey(env: Readonly<Record<string, string | undefined>>): string[] {
  if (env['OPENAI_API_KEY'] || env['OPENAI_BASE_URL']) return [];
  const agents = (['RESEARCHER', 'WRITER', 'EDITOR', 'EMBEDDER'] as const).filter(
    (agent) => env[`${agent}_PROVIDER`] === 'openai',
  );
  if (agents.length === 0) return [];
  return [`OPENAI_API_KEY: is not set, but ${agents.join(' and ').toLowerCase()} asks openai`];
}

/** The time limit of an agent must be longer than that of the model it asks. */
function tooShort({ HANDLER_TIMEOUT_MS: handler, MODEL_TIMEOUT_MS: model }: Environment): string[] {
  if (handler > model) return [];
  return [`HANDLER_TIMEOUT_MS: ${handler} is not allowed (more than MODEL_TIMEOUT_MS, which is ${model})`];
}

/** True if PUBLIC_URL is a proxy's: the server itself speaks plain HTTP on PORT. */
function isProxied({ PUBLIC_URL, PORT }: Environment): boolean {
  if (PUBLIC_URL === undefined) return false;
  const { protocol, port } = new URL(PUBLIC_URL);
  return protocol !== 'http:' || Number(port || 80) !== PORT;
}

/** OTEL_EXPORTER_OTLP_ENDPOINT is a base; OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is a whole address. */
function tracesUrlOf(env: Environment): string | null {
  if (env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  return base === undefined ? null : `${base.replace(/\/$/, '')}/v1/traces`;
}

/** The address of the server for programs on this machine. */
function localUrlOf({ HOST, PORT }: Environment): string {
  const byName = ['0.0.0.0', '::', '127.0.0.1'].includes(HOST);
  return `http://${byName ? 'localhost' : isIPv6(HOST) ? `[${HOST}]` : HOST}:${PORT}`;
}

/** The agents that may cost money. A server at OPENAI_BASE_URL may be free, but that cannot be known here. */
const payableOf = (agents: Readonly<Record<string, { readonly provider: string }>>): string[] =>
  Object.entries(agents).flatMap(([agent, { provider }]) => (provider === 'openai' ? [agent] : []));

function arrangeHttp(env: Environment) {
  const localUrl = localUrlOf(env);
  return {
    port: env.PORT,
    host: env.HOST,
    localUrl,
    publicUrl: env.PUBLIC_URL ?? localUrl,
    publicUrlGiven: env.PUBLIC_URL !== undefined,
    allowedOrigins: env.ALLOWED_ORIGINS ?? null,
    behindTls: env.PUBLIC_URL?.startsWith('https:') ?? false,
    proxied: isProxied(env),
    trustedProxies: env.TRUSTED_PROXIES ?? null,
  };
}

function arrange(env: Environment) {
  const choice = (agent: 'RESEARCHER' | 'WRITER' | 'EDITOR') => {
    const chosen = env[`${agent}_PROVIDER`];
    return { provider: chosen, model: env[`${agent}_MODEL`] ?? modelOf[chosen] };
  };
  const [researcher, writer, editor] = [choice('RESEARCHER'), choice('WRITER'), choice('EDITOR')];
  const payable = payableOf({ researcher, writer, editor });
  return {
    http: arrangeHttp(env),
    ops: { token: env.ARENA_OPS_TOKEN ?? null, jaegerUrl: env.JAEGER_URL ?? null, proxied: isProxied(env) },
    telemetry: {
      tracesUrl: tracesUrlOf(env),
      metricsUrl: env.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT ?? null,
      content: env.ARENA_TRACE_CONTENT,
    },
    valkey: {
      url: env.VALKEY_URL ?? null,
      dataDir: env.ARENA_DATA_DIR,
      replicated: env.ARENA_DURABILITY === 'replicated',
    },
    game: {
      rounds: env.DEFAULT_ROUNDS,
      seconds: env.DEFAULT_SECONDS,
      pace: {
        leadMs: env.LEAD_MS,
        intermissionMs: env.INTERMISSION_MS,
        stageMs: env.STAGE_TIMEOUT_MS,
        claimsAhead: env.CLAIMS_AHEAD,
      },
    },
    retain: {
      days: env.RETAIN_DAYS ?? 30,
      byItself: env.RETAIN_DAYS !== undefined,
      folder: env.ARCHIVE_DIR,
    },
    agents: {
      concurrency: env.AGENT_CONCURRENCY,
      handlerMsMax: env.HANDLER_TIMEOUT_MS,
      slot: env.ARENA_SLOT ?? null,
    },
    models: {
      ...{ researcher, writer, editor },
      confidenceMin: env.EDITOR_CONFIDENCE_MIN,
      timeoutMs: env.MODEL_TIMEOUT_MS,
      ollamaUrl: env.OLLAMA_URL,
      openaiApiKey: env.OPENAI_API_KEY ?? null,
      openaiBaseUrl: env.OPENAI_BASE_URL ?? null,
      prices: env.MODEL_PRICES ?? {},
      budget: budgetFrom(env, payable.length > 0),
      /** The agents that may cost money. */
      payable,
    },
    embedder: {
      provider: env.EMBEDDER_PROVIDER,
      model: env.EMBEDDER_MODEL ?? embedderOf[env.EMBEDDER_PROVIDER],
      dimensions: env.EMBEDDER_DIMENSIONS,
    },
    log: { level: env.LOG_LEVEL, secrets: secretsIn(env) },
  };
}
