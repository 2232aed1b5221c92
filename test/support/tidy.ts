// What a machine can check of the way we write: a function per rule, each given files and giving its
// objections, so that each can be tried on files that break it.

export interface SourceFile {
  /** From the top of the project, with `/`. */
  readonly path: string;
  readonly text: string;
}

export type Rule = (files: readonly SourceFile[]) => string[];

const parts = ['core', 'streams', 'agents', 'projections', 'server', 'test'] as const;
/** Who may import whom: a star with two hearts, the game and the engine, which know nothing of each other. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: ['core'],
  streams: ['streams'],
  agents: ['core', 'streams', 'agents'],
  projections: ['core', 'streams', 'projections'],
  server: ['core', 'streams', 'agents', 'projections', 'server'],
  test: parts,
};
/** What the engine shows. Its own tests look behind them. */
const publicFiles: readonly string[] = [
  'streams/engine.ts',
  'streams/parts.ts',
  'streams/admin.ts',
  'streams/testing.ts',
];

const isCode = ({ path }: SourceFile): boolean => /\.(ts|tsx|mjs|lua|css)$/.test(path);
const isTest = ({ path }: SourceFile): boolean => path.startsWith('test/');

/** Paths that a file imports or names by URL, relative ones resolved, packages as they stand. */
function importsOf(file: SourceFile): string[] {
  const urls = [...file.text.matchAll(/new URL\(\s*['`]([^'`]+)['`],\s*import\.meta\.url/g)];
  return [...modulesOf(file), ...urls.map(([, url = '']) => resolved(file.path, url))];
}

/** Paths that a file imports: at once, when it comes to it, or for types alone. */
function modulesOf({ path, text }: SourceFile): string[] {
  const specifiers = text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g);
  return [...specifiers].map(([, specifier = '']) => resolved(path, specifier));
}

const resolved = (path: string, specifier: string): string =>
  specifier.startsWith('.') ? resolveFrom(path, specifier) : specifier;

function resolveFrom(path: string, specifier: string): string {
  return new URL(specifier, `file:///${path}`).pathname.slice(1);
}

export const starOfImports: Rule = (files) =>
  files.filter(isCode).flatMap((file) => {
    const from = file.path.split('/')[0] ?? '';
    return importsOf(file).flatMap((to) => {
      const target = to.split('/')[0] ?? '';
      const known = (parts as readonly string[]).includes(target);
      const allowed = !known || (mayImport[from]?.includes(target) ?? true);
      return allowed ? [] : [`${file.path} imports ${to}`];
    });
  });

/** No file imports itself through others. Types count: a file of a circle is understood with all of them. */
export const noCircles: Rule = (files) => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    const file = byPath.get(path);
    const begins = way.indexOf(path);
    if (begins >= 0) circles.push(`a circle of imports: ${[...way.slice(begins), path].join(' → ')}`);
    if (file === undefined || begins >= 0 || done.has(path)) return;
    for (const to of modulesOf(file)) visit(to, [...way, path]);
    done.add(path);
  };
  for (const { path } of files.filter(isCode)) visit(path, []);
  return circles;
};

/** The root of the server holds its two programs. The command starts them; nothing is taken from them. */
export const rootsAreStarted: Rule = (files) => {
  const programs = ['server/main.ts', 'server/run-agents.ts'];
  const code = files.filter((file) => isCode(file) && !isTest(file));
  const lost = code.filter(({ path }) => /^server\/[^/]+$/.test(path) && !programs.includes(path));
  const borrowed = code
    .filter(({ path }) => path !== 'server/cli/arena.ts')
    .flatMap((file) =>
      modulesOf(file)
        .filter((to) => programs.includes(to))
        .map((to) => `${file.path} imports ${to}`),
    );
  return [...lost.map(({ path }) => `${path} stands in no folder`), ...borrowed];
};

/**
 * Who is outside of the engine knows its public files alone, and no driver: only `streams/valkey` has that.
 */
export const engineIsClosed: Rule = (files) =>
  files
    .filter((file) => isCode(file) && !isTest(file))
    .flatMap((file) => {
      const inside = file.path.startsWith('streams/');
      return importsOf(file).flatMap((to) => {
        const behind = !inside && to.startsWith('streams/') && !publicFiles.includes(to);
        const driver = to === 'iovalkey' && !file.path.startsWith('streams/valkey/');
        return behind || driver ? [`${file.path} imports ${to}`] : [];
      });
    });

/** The engine depends on what its package names, and on nothing of ours. */
export const engineIsApart: Rule = (files) => {
  const allowed = /^(streams\/|node:|iovalkey$|zod$|ulid$|@opentelemetry\/api$|cluster-key-slot$)/;
  return files
    .filter((file) => isCode(file) && file.path.startsWith('streams/') && !file.path.includes('/examples/'))
    .flatMap((file) =>
      importsOf(file)
        .filter((to) => !allowed.test(to))
        .map((to) => `${file.path} imports ${to}`),
    );
};

/** The engine says no word of the game. */
export const engineKnowsNoGame: Rule = (files) => {
  const words =
    /\b(games?|rooms?|players?|answer(s|ed|ing)?|questions?|quiz|researcher|editor|writer agent|leaderboards?)\b/i;
  return files
    .filter(({ path }) => path.startsWith('streams/') && !path.includes('/examples/'))
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, index) => (words.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
    );
};

export const coreIsPure: Rule = (files) => {
  const impure =
    /\b(Date\.now|new Date\(|Math\.random|performance\.|process\.|setTimeout|setInterval|fetch\(|crypto)/;
  return files
    .filter(({ path }) => path.startsWith('core/') && path.endsWith('.ts'))
    .flatMap((file) => {
      const lines = withoutComments(file.text).flatMap((line, index) =>
        impure.test(line) ? [`${file.path}:${index + 1} touches the world: ${line.trim()}`] : [],
      );
      const packages = importsOf(file).filter((to) => !to.startsWith('core/') && to !== 'zod');
      return [...lines, ...packages.map((to) => `${file.path} imports ${to}`)];
    });
};

function withoutComments(text: string): string[] {
  return text.split('\n').map((line) => line.replace(/^\s*(\/\/|\*|\/\*).*$/, '').replace(/\s\/\/ .*$/, ''));
}

const linesMax = { source: 300, test: 400, width: 110 };

/** The formatter keeps code narrow but for literals it cannot break; comments and Lua are for us to keep. */
export const shortFiles: Rule = (files) =>
  files.filter(isCode).flatMap((file) => {
    const lines = file.text.trimEnd().split('\n');
    const max = isTest(file) ? linesMax.test : linesMax.source;
    const long = lines.length > max ? [`${file.path} has ${lines.length} lines`] : [];
    const ours = (line: string) => file.path.endsWith('.lua') || /^\s*(\/\/|\*|\/\*)/.test(line);
    const wide = lines.flatMap((line, index) =>
      line.length > linesMax.width && ours(line) && !/https?:\/\//.test(line)
        ? [`${file.path}:${index + 1} is too wide`]
        : [],
    );
    return [...long, ...wide];
  });

const functionLinesMax = 70;

/** A function from its first line to its last. The formatter sets both at one indentation, so no parser. */
export const shortFunctions: Rule = (files) =>
  files
    .filter(({ path }) => /\.(ts|tsx|mjs)$/.test(path))
    .flatMap(({ path, text }) =>
      blocksOf(text.split('\n'))
        .filter(({ head, lines }) => lines > functionLinesMax && isFunction(head))
        .map(({ at, lines }) => `${path}:${at} has a function of ${lines} lines`),
    );

/** What is opened by `{` at the end of a line; `head` may begin some lines before that. */
function blocksOf(lines: readonly string[]): { head: string; at: number; lines: number }[] {
  const indent = (line: string) => line.search(/\S/);
  return lines.flatMap((line, opens) => {
    if (!line.endsWith('{')) return [];
    // `) {` and `}: Deps) {` end a head that begins where a line last stood as far out.
    const further = /^\s*[)}\]]/.test(line);
    const begins = further
      ? lines.findLastIndex((one, i) => i < opens && indent(one) === indent(line))
      : opens;
    const ends = lines.findIndex((one, i) => i > opens && indent(one) === indent(line) && /^\s*}/.test(one));
    const head = lines.slice(begins, opens + 1).join(' ');
    return ends < 0 || begins < 0 ? [] : [{ head, at: begins + 1, lines: ends - begins + 1 }];
  });
}

/** Suites of tests, `describe…`, are headings over tests rather than functions. */
function isFunction(head: string): boolean {
  if (/^\s*(if|for|while|switch|else|do|try|catch|\} )\b/.test(head)) return false;
  if (/^\s*(export function )?describe/.test(head)) return false;
  const method = /^\s*(async |get |set |static )*[#\w]+(<.*>)?\(.*\)(: .*)? \{$/;
  return /\bfunction\b/.test(head) || head.endsWith('=> {') || method.test(head);
}

export const namesOfFiles: Rule = (files) => {
  const vague = /(^|\/)(utils?|helpers?|types|manager|index|common|misc)\.(ts|tsx)$/;
  const kebab = /^[a-z0-9.-]+$/;
  return files
    .filter(({ path }) => /\.(ts|tsx|lua)$/.test(path))
    .flatMap(({ path }) => {
      const name = path.split('/').at(-1) ?? '';
      if (vague.test(path)) return [`${path}: the name says nothing`];
      return kebab.test(name) ? [] : [`${path}: not in kebab-case`];
    });
};

export const nothingLeftBehind: Rule = (files) => {
  const left = [
    /\b(TODO|FIXME|XXX|HACK)\b/,
    /\b(test|it|describe)\.(skip|only|todo)\(/,
    /: any\b|\bas any\b|<any>/,
    /@ts-(ignore|expect-error|nocheck)/,
    /\bdebugger\b/,
  ];
  return files
    .filter(
      (file) => isCode(file) && !file.path.endsWith('/tidy.ts') && !file.path.endsWith('tidy.unit.test.ts'),
    )
    .flatMap((file) =>
      file.text.split('\n').flatMap((line, index) => {
        // Words of a sentence are no types.
        if (/^\s*(\/\/|\*|\/\*)/.test(line) && !/\b(TODO|FIXME|XXX|HACK)\b|@ts-/.test(line)) return [];
        const excused = file.text.split('\n')[index - 1]?.includes('biome-ignore') ?? false;
        return !excused && left.some((mark) => mark.test(line))
          ? [`${file.path}:${index + 1} ${line.trim()}`]
          : [];
      }),
    );
};

export const headersSayWhat: Rule = (files) =>
  files
    .filter((file) => /\.(ts|tsx)$/.test(file.path) && !/\.test\.tsx?$/.test(file.path))
    .filter(({ text }) => !/^(#!.*\n)?\/\/ /.test(text))
    .map(({ path }) => `${path} does not say what it is`);

/** Every source file is reached from a program or a test. `roots` are the programs. */
export const noOrphans =
  (roots: readonly string[]): Rule =>
  (files) => {
    const byPath = new Map(files.map((file) => [file.path, file]));
    const tests = files.filter(({ path }) => path.endsWith('.test.ts')).map(({ path }) => path);
    const reached = new Set<string>();
    const visit = (path: string): void => {
      const file = byPath.get(path);
      if (file === undefined || reached.has(path)) return;
      reached.add(path);
      for (const to of importsOf(file)) visit(to);
    };
    for (const root of [...roots, ...tests]) visit(root);
    return files
      .filter(
        (file) => /\.(ts|tsx)$/.test(file.path) && !file.path.endsWith('.d.ts') && !reached.has(file.path),
      )
      .map(({ path }) => `${path} is reached from nowhere`);
  };

/** Every error code stands in the README of the server, for whoever writes a client. */
export const errorsAreDocumented =
  (codes: readonly string[]): Rule =>
  (files) => {
    const readme = files.find(({ path }) => path === 'server/README.md')?.text ?? '';
    return codes
      .filter((code) => !readme.includes(`\`${code}\``))
      .map((code) => `${code} is not in server/README.md`);
  };

/** Every code in the catalogue of faults is that of one that is thrown. */
export const faultsAreThrown =
  (codes: readonly string[]): Rule =>
  (files) => {
    const catalogues = ['server/operate/faults.ts', 'agents/model.ts', 'streams/contract/fault.ts'];
    const source = files.filter(({ path }) => isCode({ path, text: '' }) && !catalogues.includes(path));
    return codes
      .filter(
        (code) => !source.some(({ path, text }) => !path.startsWith('test/') && text.includes(`'${code}'`)),
      )
      .map((code) => `nothing throws ${code}`);
  };

/** What a file exports has a user elsewhere; types may only name what it takes and gives. */
export const exportsAreUsed: Rule = (files) => {
  const code = files.filter(({ path }) => /\.(ts|tsx|mjs)$/.test(path));
  const users = new Map<string, number>();
  for (const { text } of code) {
    const names = new Set(
      withoutComments(text)
        .join('\n')
        .match(/[\w$]+/g),
    );
    for (const name of names) users.set(name, (users.get(name) ?? 0) + 1);
  }
  const exported = /^export (?:async )?(?:const|class|function\*?) (\w+)/gm;
  return code.flatMap(({ path, text }) =>
    [...text.matchAll(exported)]
      .filter(([, name]) => users.get(name ?? '') === 1)
      .map(([, name]) => `${path} exports ${name}, which nobody uses`),
  );
};

/** The README of a folder names each of its files, and no file that is not there. */
export const readmesNameFiles: Rule = (files) => {
  const paths = new Set(files.map(({ path }) => path));
  const named = (text: string) => new Set([...text.matchAll(/`([\w./-]+)`/g)].map((match) => match[1] ?? ''));
  return files
    .filter(({ path }) => path.endsWith('/README.md') && !path.startsWith('test/'))
    .flatMap(({ path: readme, text }) => {
      const folder = readme.slice(0, -'README.md'.length);
      const names = named(text);
      const inside = files.filter(
        (file) => isCode(file) && file.path.startsWith(folder) && !file.path.endsWith('.d.ts'),
      );
      const missing = inside
        .map(({ path }) => path.slice(folder.length))
        .filter((path) => {
          const above = path.split('/').slice(0, -1);
          const folders = above.map((_, depth) => `${above.slice(0, depth + 1).join('/')}/`);
          const own = folders.some((one) => paths.has(`${folder}${one}README.md`));
          return !own && ![path, ...folders].some((one) => names.has(one));
        })
        .map((path) => `${readme} does not name ${path}`);
      const gone = [...names]
        .filter((name) => /\.(ts|tsx|lua|css|mjs)$/.test(name))
        .filter((name) => !paths.has(`${folder}${name}`) && !paths.has(name))
        .map((name) => `${readme} names ${name}, which is not there`);
      return [...missing, ...gone];
    });
};
