import { describe, expect, it } from 'vitest';
import { highestVersion, isBefore, type Version } from '../../src/project/highest-version.ts';

const X = Infinity;

describe('the highest version that a range allows', () => {
  it.each<[string, Version | undefined]>([
    ['3.9.1', [3, 9, 1]], ['=3.9.1', [3, 9, 1]], ['v3.9.1', [3, 9, 1]], ['7.0.0-alpha.48', [7, 0, 0]],
    ['^3.9.1', [3, X, X]], ['^0.3.20', [0, 3, X]], ['^0.0.3', [0, 0, 3]], ['^0', [0, X, X]], ['^3', [3, X, X]],
    ['~3.9.1', [3, 9, X]], ['~3', [3, X, X]],
    ['3', [3, X, X]], ['3.x', [3, X, X]], ['3.9', [3, 9, X]], ['3.9.*', [3, 9, X]],
    ['>=3.0.0 <4', [3, X, X]], ['>=3 <3.5.0', [3, 4, X]], ['<=3.9.1', [3, 9, 1]], ['< 3.9.2', [3, 9, 1]], ['1.2 - 1.4', [1, 4, X]],
    ['^4 || ^5', [5, X, X]], ['^5.1.0 || ^4', [5, X, X]],
    ['npm:@scope/redis@^4.6.0', [4, X, X]], ['workspace:^1.2.0', [1, X, X]],
    ['*', undefined], ['', undefined], ['latest', undefined], ['>=3', undefined], ['^4 || *', undefined], ['workspace:*', undefined], ['file:../redis', undefined],
    ['github:redis/node-redis#v4', undefined], ['catalog:', undefined],
  ])('%s', (range, version) => {
    expect(highestVersion(range)).toEqual(version);
  });

  it.each<[Version, Version, boolean]>([
    [[4, X, X], [5, 0, 0], true], [[5, X, X], [5, 0, 0], false], [[3, 17, 9], [3, 18, 0], true], [[3, 18, 0], [3, 18, 0], false], [[4, 0, 0], [3, 18, 0], false],
  ])('%j before %j', (version, other, isOlder) => {
    expect(isBefore(version, other)).toBe(isOlder);
  });
});
