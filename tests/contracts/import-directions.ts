/** Which folder of the plugin may import which, and why. What is not listed is forbidden. */
export interface ImportDirection {
  readonly from: string;
  readonly to: string;
  /** `types`: only `import type`, which leaves nothing at run time. */
  readonly what: 'values' | 'types';
  readonly reason: string;
}

export const IMPORT_DIRECTIONS: readonly ImportDirection[] = [
  { from: 'bindings', to: 'syntax', what: 'values', reason: 'what an expression stands for is read from its syntax' },
  { from: 'bindings', to: 'drivers', what: 'values', reason: 'an API path is a path through the tables' },
  { from: 'project', to: 'syntax', what: 'values', reason: 'a file of the project is indexed like the one that is linted' },
  { from: 'project', to: 'bindings', what: 'values', reason: 'the scopes of a file are kept with it, and bindings ask for modules' },
  { from: 'project', to: 'drivers', what: 'types', reason: 'the tables are cut down to the versions that the project has' },
  { from: 'cfg', to: 'syntax', what: 'values', reason: 'a graph is lowered from syntax; it knows nothing of libraries' },
  { from: 'domain', to: 'syntax', what: 'types', reason: 'places and sites are named by nodes, and compared by identity only' },
  { from: 'domain', to: 'bindings', what: 'types', reason: 'a site says what was acquired' },
  { from: 'analysis', to: 'syntax', what: 'values', reason: 'effects are read from the syntax of an instruction' },
  { from: 'analysis', to: 'drivers', what: 'values', reason: 'effects are read from the tables' },
  { from: 'analysis', to: 'bindings', what: 'values', reason: 'effects depend on what a receiver stands for' },
  { from: 'analysis', to: 'project', what: 'types', reason: 'calls are followed into the files that a project gives' },
  { from: 'analysis', to: 'cfg', what: 'values', reason: 'states travel along the edges of the graph' },
  { from: 'analysis', to: 'domain', what: 'values', reason: 'states are the elements of the lattice' },
  { from: 'roots', to: 'syntax', what: 'values', reason: 'how often code runs is read from where it stands' },
  { from: 'roots', to: 'drivers', what: 'types', reason: 'the tables say what is a root, and what stands for one' },
  { from: 'roots', to: 'bindings', what: 'values', reason: 'a construction is known by what is constructed' },
  { from: 'roots', to: 'analysis', what: 'values', reason: 'whether a root is closed is an obligation like any other' },
  { from: 'findings', to: 'syntax', what: 'values', reason: 'messages quote the source' },
  { from: 'findings', to: 'drivers', what: 'types', reason: 'messages name the release as the table spells it' },
  { from: 'findings', to: 'bindings', what: 'types', reason: 'a finding says how the receiver is known' },
  { from: 'findings', to: 'cfg', what: 'values', reason: 'a witness path is a path through the graph, and leaves it where no release can be reached any more' },
  { from: 'findings', to: 'domain', what: 'types', reason: 'a witness path shows states; deciding with them is the analysis' },
  { from: 'findings', to: 'analysis', what: 'types', reason: 'findings are made of outcomes, after the fixpoint; they start no analysis' },
  { from: 'fixes', to: 'syntax', what: 'values', reason: 'edits are made of source ranges' },
  { from: 'fixes', to: 'drivers', what: 'types', reason: 'the tables say how a connection is given back' },
  { from: 'fixes', to: 'bindings', what: 'values', reason: 'a precondition is about all uses of a variable' },
  { from: 'fixes', to: 'cfg', what: 'values', reason: 'what comes behind a release is read from the graph' },
  { from: 'fixes', to: 'domain', what: 'types', reason: 'a fix is about one acquisition site' },
  { from: 'fixes', to: 'analysis', what: 'values', reason: 'preconditions ask what the analysis saw; they start none' },
  { from: 'fixes', to: 'findings', what: 'types', reason: 'a fix is planned for a finding' },
  { from: 'index', to: 'fixes', what: 'values', reason: 'the engine in one function' },
  { from: 'rule', to: 'fixes', what: 'types', reason: 'the adapter turns plans into fixes and suggestions' },
  { from: 'index', to: 'syntax', what: 'values', reason: 'the engine in one function' },
  { from: 'index', to: 'drivers', what: 'values', reason: 'the engine in one function' },
  { from: 'index', to: 'analysis', what: 'values', reason: 'the engine in one function' },
  { from: 'index', to: 'findings', what: 'values', reason: 'the engine in one function' },
  { from: 'prisma', to: 'syntax', what: 'values', reason: 'places and branches are read from the syntax' },
  { from: 'prisma', to: 'project', what: 'values', reason: 'the clients of a package lie in its other files' },
  { from: 'prisma', to: 'analysis', what: 'values', reason: 'each file is asked through its model' },
  { from: 'prisma', to: 'roots', what: 'values', reason: 'a client is a root: where it goes, how often it is made, whether it is memoised' },
  { from: 'findings', to: 'prisma', what: 'types', reason: 'what is said of a client is made of its problem' },
  { from: 'index', to: 'prisma', what: 'values', reason: 'the engine in one function' },
  { from: 'rule', to: 'prisma', what: 'values', reason: 'whether a file is worth a look is also a question about clients' },
  { from: 'index', to: 'roots', what: 'values', reason: 'the engine in one function' },
  { from: 'findings', to: 'roots', what: 'types', reason: 'what is said of a root is made of its verdict' },
  { from: 'rule', to: 'index', what: 'values', reason: 'the adapter calls the engine' },
  { from: 'rule', to: 'analysis', what: 'values', reason: 'whether a file is worth analysing is asked before the engine is called' },
  { from: 'rule', to: 'drivers', what: 'values', reason: 'that question is about the tables' },
  { from: 'rule', to: 'project', what: 'values', reason: 'the adapter gives the project its file system, resolver and parser' },
  { from: 'rule', to: 'bindings', what: 'types', reason: 'the adapter says in the words of the bindings what a type checker knows' },
  { from: 'rule', to: 'syntax', what: 'types', reason: 'it is asked about nodes' },
  { from: 'rule', to: 'findings', what: 'types', reason: 'a rule says which kinds of finding it reports' },
  { from: 'cli', to: 'rules', what: 'values', reason: 'the command runs the rules as users do' },
  { from: 'cli', to: 'rule', what: 'values', reason: 'the way to a finding is in the analysis that the rules share' },
  { from: 'cli', to: 'findings', what: 'values', reason: 'a finding is drawn from its history' },
  { from: 'cli', to: 'syntax', what: 'values', reason: 'acquisitions are listed with their source' },
  { from: 'rules', to: 'rule', what: 'values', reason: 'the shop window holds descriptions only' },
];

/** Packages that a folder may name, as types. At run time the engine stands alone; what it needs of a library is given to it. */
export const PACKAGE_TYPES: readonly { readonly from: string; readonly package: string; readonly reason: string }[] = [
  { from: 'syntax', package: '@typescript-eslint/utils', reason: 'the types of ESTree nodes' },
  { from: 'bindings', package: '@typescript-eslint/utils', reason: 'the types of the scope analysis' },
  { from: 'project', package: 'enhanced-resolve', reason: 'the resolver that is given in' },
  { from: 'rule', package: '@typescript-eslint/utils', reason: 'the types of ESLint rules' },
  { from: 'cli', package: '@typescript-eslint/utils', reason: 'the types of ESLint rules' },
];
