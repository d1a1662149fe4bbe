import type { FileAccess } from './file-access.ts';
import { highestVersion, type Version } from './highest-version.ts';
import { directoryOf, isInside, joinPath } from './path.ts';
import { readJsonObject } from './read-json.ts';
import { RecentAnswers } from './recent-answers.ts';

const DECLARED_IN = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];

export interface PackageVersionsInput {
  readonly files: FileAccess;
  /** Nothing above it is looked at. */
  readonly root: string;
}

/** Which versions of packages the files of a project run with: what is installed where Node would look, else what the nearest package.json declares. */
export class PackageVersions {
  private readonly files: FileAccess;
  private readonly root: string;
  private readonly manifests = new RecentAnswers<Readonly<Record<string, unknown>> | undefined>();
  private readonly versions = new RecentAnswers<Version | undefined>();

  constructor({ files, root }: PackageVersionsInput) {
    this.files = files;
    this.root = root;
  }

  /** The version of the package `name` for the files in `directory`: of a range the highest that it allows; undefined where nothing says. */
  versionAt(directory: string, name: string): Version | undefined {
    return this.installedAt(directory, name) ?? this.declaredAt(directory, name);
  }

  private installedAt(directory: string, name: string): Version | undefined {
    return this.versions.answer(`installed ${name} ${directory}`, () => {
      const version = this.manifestAt(joinPath(directory, `node_modules/${name}`))?.['version'];
      const found = typeof version === 'string' ? highestVersion(version) : undefined;
      return found ?? this.above(directory, (parent) => this.installedAt(parent, name));
    });
  }

  private declaredAt(directory: string, name: string): Version | undefined {
    return this.versions.answer(`declared ${name} ${directory}`, () => {
      const manifest = this.manifestAt(directory);
      for (const key of manifest === undefined ? [] : DECLARED_IN) {
        const range = (manifest![key] as Readonly<Record<string, unknown>> | null | undefined)?.[name];
        // What is declared and sets no bound is not known.
        if (typeof range === 'string') return highestVersion(range);
      }
      return this.above(directory, (parent) => this.declaredAt(parent, name));
    });
  }

  private above(directory: string, find: (parent: string) => Version | undefined): Version | undefined {
    const parent = directoryOf(directory);
    return directory === this.root || parent === directory || !isInside(parent, this.root) ? undefined : find(parent);
  }

  private manifestAt(directory: string): Readonly<Record<string, unknown>> | undefined {
    return this.manifests.answer(directory, () => readJsonObject(this.files, joinPath(directory, 'package.json')));
  }
}
