/** First words of the names of functions that run when a process starts, or a script is run by hand. Used only to be silent. */
const ENTRY_WORDS = new Set([
  'main', 'bootstrap', 'boot', 'startup', 'init', 'initialize', 'initialise', 'setup', 'launch', 'configure', 'migrate', 'seed', 'up', 'down',
  'install', 'provision', 'cli', 'warmup', 'plugin', 'before', 'beforeall', 'beforeeach',
]);

/** Words that say so only before one of `PARTS`: `loadDatabase`, but not `loadUser`. */
const VERBS = new Set(['start', 'connect', 'open', 'load', 'register', 'mount', 'listen', 'serve', 'prepare', 'run', 'create', 'build', 'set']);

/** Those that say so where nothing follows, too. What SvelteKit calls `load` runs for each request. */
const ALONE = new Set(['start', 'connect', 'open', 'register', 'mount', 'listen', 'serve', 'prepare', 'run', 'build']);

/** What an application is made of. */
const PARTS = new Set([
  'db', 'database', 'databases', 'server', 'app', 'application', 'http', 'api', 'pool', 'connection', 'connections', 'mongo', 'mongodb', 'mongoose', 'postgres',
  'pg', 'mysql', 'redis', 'sequelize', 'knex', 'prisma', 'client', 'orm', 'plugin', 'plugins', 'module', 'modules', 'store', 'session', 'sessions', 'cache', 'queue', 'queues',
  'worker', 'workers', 'service', 'services', 'routes', 'data', 'sources', 'source', 'datasource', 'to', 'up', 'migrations', 'with', 'all',
]);

/** Names of the hooks by which frameworks start a module, an application or a command. */
const START_HOOKS = /^(?:onModuleInit|onApplicationBootstrap|onApplicationStart|onInit|onReady|onStart|onLoad|useFactory|execute)$/;

/** Whether a function of this name is likely to run at the start of a process: `main`, `bootstrap`, `initDatabase`, `setup_pool`. */
export function isEntryName(name: string | undefined): boolean {
  if (name === undefined) return false;
  if (START_HOOKS.test(name)) return true;
  const [first, second] = name.replace(/^[_#$]+/, '').replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase().split(/[^a-z0-9]+/);
  if (first === undefined) return false;
  return ENTRY_WORDS.has(first) || (VERBS.has(first) && (second === undefined ? ALONE.has(first) : PARTS.has(second)));
}
