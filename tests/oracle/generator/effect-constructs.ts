/**
 * Statements that may throw or not and leave handles alone.
 */
import { braced, type WritingScope } from './writing-scope.ts';
import { straight, type Construct } from './construct.ts';

/** An expression with one opaque effect. */
export function effect(scope: WritingScope): string {
  const k = scope.number();
  return scope.isAsync && scope.random.chance(0.6) ? `await work(${k})` : `step(${k})`;
}

export const EFFECT_CONSTRUCTS: readonly Construct[] = [
  { name: 'opaque call', role: 'effect', weight: 10, write: (scope) => straight([`${effect(scope)};`]) },
  {
    name: 'value of a call',
    role: 'effect',
    weight: 3,
    write: (scope) => straight([`const ${scope.fresh('value')} = ${effect(scope)};`]),
  },
  {
    name: 'logging',
    role: 'effect',
    weight: 2,
    write: (scope) => straight([`console.${scope.random.pick(['log', 'error', 'warn'])}('at', ${scope.number()});`]),
  },
  {
    name: 'logical effect',
    role: 'effect',
    weight: 2,
    write: (scope) => straight([`cond(${scope.number()}) ${scope.random.pick(['&&', '||'])} ${effect(scope)};`]),
  },
  {
    name: 'ternary effect',
    role: 'effect',
    weight: 2,
    write: (scope) => straight([`cond(${scope.number()}) ? ${effect(scope)} : ${effect(scope)};`]),
  },
  {
    name: 'destructuring default',
    role: 'effect',
    weight: 1.5,
    write: (scope) => straight([`const { ${scope.fresh('field')} = ${effect(scope)} } = registry;`]),
  },
  {
    name: 'logical assignment',
    role: 'effect',
    weight: 1,
    write(scope) {
      const name = scope.fresh('memo');
      return straight([`let ${name};`, `${name} ??= ${effect(scope)};`]);
    },
  },
  {
    name: 'tagged template',
    role: 'effect',
    weight: 1,
    write: (scope) => straight([`tag\`text ${scope.number()}\`;`]),
  },
  {
    name: 'import()',
    role: 'effect',
    weight: 0.7,
    applies: (scope) => scope.isAsync,
    write: (scope) => straight([`await import('./plugin${scope.number()}.js');`]),
  },
  {
    name: 'new of an unknown class',
    role: 'effect',
    weight: 1,
    write: (scope) => straight([`new Report(${scope.number()});`]),
  },
  {
    name: 'member write',
    role: 'effect',
    weight: 1,
    write: (scope) => straight([`registry.last = ${scope.number()};`]),
  },
  {
    name: 'class static block',
    role: 'effect',
    weight: 1,
    write(scope) {
      const name = scope.fresh('Local');
      return straight(braced(`class ${name}`, [`static { step(${scope.number()}); }`, `static label = step(${scope.number()});`]));
    },
  },
  {
    name: 'field initialiser',
    role: 'effect',
    weight: 1,
    write(scope) {
      const name = scope.fresh('Local');
      return straight([...braced(`class ${name}`, [`field = step(${scope.number()});`]), `new ${name}();`]);
    },
  },
  {
    name: 'effect after yield',
    role: 'effect',
    weight: 6,
    applies: (scope) => scope.isGenerator,
    write: (scope) => straight([`yield ${scope.random.chance(0.5) ? effect(scope) : `'row ${scope.number()}'`};`]),
  },
  {
    name: 'yield*',
    role: 'effect',
    weight: 2,
    applies: (scope) => scope.isGenerator,
    write: (scope) => straight([`yield* ${scope.isAsync && scope.random.chance(0.6) ? 'rows' : 'items'}(${scope.number()});`]),
  },
  {
    name: 'un-awaited work',
    role: 'effect',
    weight: 0.7,
    applies: (scope) => scope.isAsync,
    write: (scope) => straight([`${scope.random.pick(['', 'void '])}work(${scope.number()});`]),
  },
  {
    name: 'floating helper',
    role: 'effect',
    weight: 0.5,
    applies: (scope) => scope.isAsync,
    write(scope) {
      const helper = scope.draft.helper('background', (name) => braced(`async function ${name}()`, [`await work(${scope.number()});`]));
      return straight([`${helper}();`]);
    },
  },
  {
    name: 'local helper call',
    role: 'effect',
    weight: 1.5,
    write(scope) {
      const helper = scope.draft.helper('inner', (name) => braced(`function ${name}()`, [`step(${scope.number()});`]));
      return straight([`${helper}();`]);
    },
  },
];
