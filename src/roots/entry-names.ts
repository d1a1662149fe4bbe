/** First words of the names of functions that run when a process starts, or a script is run by hand. Used only to be silent. */
const ENTRY_WORDS = new Set([
  'main', 'bootstrap', 'boot', 'start', 'startup', 'init', 'initialize', 'initialise', 'setup', 'launch', 'configure', 'listen', 'serve',
  'connect', 'open', 'register', 'migrate', 'seed', 'up', 'down', 'install', 'load', 'mount', 'before', 'beforeall', 'beforeeach',
  'prepare', 'provision', 'cli', 'warmup', 'plugin',
]);

/** Names of the hooks by which frameworks start a module or an application. */
const START_HOOKS = /^(?:onModuleInit|onApplicationBootstrap|onApplicationStart|onInit|onReady|onStart|onLoad|usefactory|useFactory|createApp|createServer|buildApp|buildServer|run|runMigrations|execute|handle)$/;

/** Whether a function of this name is likely to run at the start of a process: `main`, `bootstrap`, `initDatabase`, `setup_pool`. */
export function isEntryName(name: string | undefined): boolean {
  if (name === undefined) return false;
  if (START_HOOKS.test(name)) return true;
  const [first] = name.replace(/^[_#$]+/, '').replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase().split(/[^a-z0-9]+/);
  return first !== undefined && ENTRY_WORDS.has(first);
}
