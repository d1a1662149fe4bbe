/**
 * Where the resource lies within a value: as the value itself, below a property of it, behind its release method, or captured by it as a closure.
 */
import { ownRow } from '../bindings/own-row.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import { isAtOrBelow, type Alias, type Held, type Root } from '../domain/place.ts';
import type { MemberRow } from '../drivers/driver.ts';
import type { FunctionNode, Node } from '../syntax/estree.ts';
import { isFunctionNode } from '../syntax/estree.ts';
import { staticPropertyName } from '../syntax/static-name.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { ProgramModel } from './program-model.ts';

const NOTHING: readonly Held[] = [];
const RELEASER: readonly Held[] = [{ path: '', role: 'releaser', closure: undefined }];
const HANDLE: readonly Held[] = [{ path: '', role: 'handle', closure: undefined }];

/** What the value of `expression` (at `path` below it) holds of the resource. */
export function heldBy(model: ProgramModel, disjunct: Disjunct, expression: Node, path = ''): readonly Held[] {
  if (disjunct.aliases.length === 0) return NOTHING;
  const node = unwrapExpression(expression);
  switch (node.type) {
    case 'Literal':
    case 'TemplateLiteral':
      return NOTHING;
    case 'ObjectExpression': {
      const found: Held[] = [];
      for (const property of node.properties) {
        if (property.type === 'SpreadElement') {
          found.push(...heldBy(model, disjunct, property.argument));
          continue;
        }
        const name = staticPropertyName(property) ?? '?';
        for (const held of heldBy(model, disjunct, property.value)) found.push({ ...held, path: `.${name}${held.path}` });
      }
      return below(found, path);
    }
    case 'ArrayExpression': {
      const found: Held[] = [];
      node.elements.forEach((element, index) => {
        if (element === null) return;
        if (element.type === 'SpreadElement') {
          for (const held of heldBy(model, disjunct, element.argument)) found.push({ ...held, path: `.?${held.path}` });
        } else {
          for (const held of heldBy(model, disjunct, element)) found.push({ ...held, path: `.${String(index)}${held.path}` });
        }
      });
      return below(found, path);
    }
    default:
      break;
  }
  if (isFunctionNode(node)) return path === '' ? closureOf(model, disjunct, node, node) : NOTHING;
  const place = model.placeOf(node);
  const found = heldAt(disjunct, place.root, place.path + path);
  if (found.length > 0 || path !== '' || (node.type !== 'Identifier' && node.type !== 'MemberExpression')) return found;
  const entity = model.bindings.entityOf(node);
  return entity?.kind === 'local-function' ? closureOf(model, disjunct, entity.node, node) : found;
}

/** What the place holds of the resource. */
export function heldAt(disjunct: Disjunct, root: Root, path: string): readonly Held[] {
  let found = NOTHING;
  for (const alias of disjunct.aliases) {
    if (alias.root !== root) continue;
    const held = alias.path === path ? alias.holds : heldAround(disjunct, alias, path);
    found = found.length === 0 ? held : [...found, ...held];
  }
  return found;
}

/** What a value at `path` holds of the resource when the resource lies elsewhere below its root: further down, or above as the object whose member it is. */
function heldAround(disjunct: Disjunct, alias: Alias, path: string): readonly Held[] {
  if (isAtOrBelow(alias.path, path)) return [{ path: alias.path.slice(path.length), role: alias.role, closure: alias.closure }];
  const effect = alias.role === 'handle' ? effectOfMember(disjunct, alias, path) : undefined;
  if (effect === 'release') return RELEASER;
  return effect === 'self' ? HANDLE : NOTHING;
}

function effectOfMember(disjunct: Disjunct, alias: Alias, path: string): MemberRow['effect'] | undefined {
  if (!path.startsWith(`${alias.path}.`)) return undefined;
  const name = path.slice(alias.path.length + 1);
  return ownRow(disjunct.site?.acquisition.type.members, name)?.effect;
}

/** The function `unit`, known by its name or written at `node`, when it captures a place of the resource that `node` sees too. */
function closureOf(model: ProgramModel, disjunct: Disjunct, unit: FunctionNode, node: Node): readonly Held[] {
  const captured = model.capturedBy(unit);
  const captures = disjunct.aliases.some((alias) => captured.has(alias.root) && model.isVisibleIn(alias.root, model.file.unitOf(node)));
  return captures ? [{ path: '', role: 'closure', closure: unit }] : NOTHING;
}

function below(found: readonly Held[], path: string): readonly Held[] {
  if (path === '') return found;
  return found.filter((held) => isAtOrBelow(held.path, path)).map((held) => ({ ...held, path: held.path.slice(path.length) }));
}

/** What the elements of a list hold of the resource, when the list holds `held`. */
export function elementsOf(held: readonly Held[]): Held[] {
  const found: Held[] = [];
  for (const one of held) {
    const path = /^\.(?:\d+|\?)(?<rest>\..*)?$/.exec(one.path);
    if (path !== null) found.push({ ...one, path: path.groups?.['rest'] ?? '' });
  }
  return found;
}

/** Whether the resource is the first element of the list that holds `held`: then no other has its turn before. */
export function isFirstElement(held: readonly Held[]): boolean {
  return held.every((one) => /^\.0(?:\.|$)/.test(one.path));
}
