import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { Bindings } from './bindings.ts';
import type { Entity } from './entity.ts';
import type { ModuleExport } from './module-exports.ts';
import { typeOfName } from './resolve-annotation.ts';

/** What a name is asked for: what it is when the program runs, or what it is in an annotation. */
export type Space = 'value' | 'type';

/** What the module exports under `name`, or undefined when that is not known. */
export function resolveExport(bindings: Bindings, name: string, space: Space): Entity | undefined {
  const { named, stars, whole } = bindings.exports;
  const row = named.get(name);
  if (row !== undefined) return resolveRow(bindings, row, space);
  if (whole !== undefined) {
    const entity = bindings.entityOf(whole);
    if (name === 'default') return space === 'value' ? entity : instanceOf(bindings, entity);
    const member = entity && bindings.memberOf(entity, name);
    if (space === 'value') return member;
    return instanceOf(bindings, member) ?? bindings.entityOfJsDoc(bindings.jsDoc.typeNamed(name));
  }
  if (name === 'default') return undefined;
  const documented = space === 'type' ? bindings.entityOfJsDoc(bindings.jsDoc.typeNamed(name)) : undefined;
  if (documented !== undefined) return documented;
  for (const specifier of stars) {
    // A file that gathers many others need not have all of them read.
    if (bindings.module.mayExport?.(specifier, name) === false) continue;
    const entity = resolveRow(bindings, { specifier, name }, space);
    if (entity !== undefined) return entity;
  }
  return undefined;
}

/** What the module is to those who load it in one piece: `module.exports = pool`; undefined for one that exports names. */
export function resolveWholeModule(bindings: Bindings): Entity | undefined {
  const { whole } = bindings.exports;
  return whole === undefined ? undefined : bindings.entityOf(whole);
}

function resolveRow(bindings: Bindings, row: ModuleExport, space: Space): Entity | undefined {
  if ('specifier' in row) {
    const module = bindings.importedModule(row.specifier);
    if (module === undefined) return undefined;
    if (row.name === '*') return module;
    return space === 'value' ? bindings.memberOf(module, row.name) : bindings.typeMemberOf(module, row.name);
  }
  if (space === 'value') return bindings.entityOf(row.node);
  const node = unwrapChain(row.node);
  const name = 'id' in node && node.id ? node.id : node;
  return name.type === 'Identifier' ? (typeOfName(bindings, name) ?? instanceOf(bindings, bindings.entityOf(row.node))) : undefined;
}

function instanceOf(bindings: Bindings, entity: Entity | undefined): Entity | undefined {
  return entity && bindings.instanceOf(entity, 'annotation');
}
