import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { errorsPage, errorsPath, type ExplainedProblem } from './errors-page.js';
import { page, pageHeaders, pageStyle, startScript } from './reference-page.js';

export interface ReferenceAnswer {
  readonly status: 200 | 304;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface File {
  readonly mediaType: string;
  readonly headers?: Readonly<Record<string, string>>;
  load(): Promise<Buffer | string>;
}

interface LoadedFile {
  readonly entityTag: string;
  readonly plain: Buffer;
  readonly zipped: Buffer;
}

const compress = promisify(gzip);
const html = 'text/html; charset=utf-8';
const script = 'text/javascript; charset=utf-8';
const css = 'text/css; charset=utf-8';

const installed = (mediaType: string, name: string): File => ({
  mediaType,
  load: () => readFile(fileURLToPath(import.meta.resolve(`swagger-ui-dist/${name}`))),
});

/**
 * What is served of an OpenAPI document: itself, and a page that shows it, with all that the page needs; and a page of the errors, where
 * they are explained. Everything comes from this process; nothing is read before it is asked for.
 */
export class ApiReference {
  private readonly files: Readonly<Record<string, File>>;
  private readonly loaded = new Map<string, Promise<LoadedFile>>();

  constructor(document: object, problems: readonly ExplainedProblem[] = []) {
    const errors = errorsPage(problems);
    this.files = {
      '/openapi.json': { mediaType: 'application/json; charset=utf-8', load: async () => JSON.stringify(document) },
      '/docs': { mediaType: html, headers: pageHeaders, load: async () => page },
      '/docs/start.js': { mediaType: script, load: async () => startScript },
      '/docs/swagger-ui-bundle.js': installed(script, 'swagger-ui-bundle.js'),
      '/docs/swagger-ui.css': installed(css, 'swagger-ui.css'),
      '/docs/page.css': { mediaType: css, load: async () => pageStyle },
      ...(problems.length > 0 ? { [errorsPath]: { mediaType: html, headers: errors.headers, load: async () => errors.html } } : {}),
    };
  }

  get paths(): readonly string[] {
    return Object.keys(this.files);
  }

  /** Null for any other path. */
  async answer(path: string, { ifNoneMatch, acceptEncoding }: ReferenceRequest): Promise<ReferenceAnswer | null> {
    const file = Object.hasOwn(this.files, path) ? this.files[path] : undefined;
    if (!file) return null;
    const { entityTag, plain, zipped } = await this.load(path, file);
    const headers = {
      ETag: entityTag,
      'Cache-Control': 'no-cache',
      Vary: 'Accept-Encoding',
      'Content-Type': file.mediaType,
      ...file.headers,
    };
    if (ifNoneMatch?.includes(entityTag.replace('W/', '')) === true) return { status: 304, headers, body: Buffer.alloc(0) };
    if (!/\bgzip\b/.test(acceptEncoding ?? '')) return { status: 200, headers, body: plain };
    return { status: 200, headers: { ...headers, 'Content-Encoding': 'gzip' }, body: zipped };
  }

  private load(path: string, file: File): Promise<LoadedFile> {
    const known = this.loaded.get(path);
    if (known) return known;
    const loading = loadFile(file);
    this.loaded.set(path, loading);
    // What could not be read now may be readable later.
    loading.catch(() => this.loaded.delete(path));
    return loading;
  }
}

export interface ReferenceRequest {
  readonly ifNoneMatch?: string | undefined;
  readonly acceptEncoding?: string | undefined;
}

async function loadFile(file: File): Promise<LoadedFile> {
  const plain = Buffer.from(await file.load());
  // Weak: the same tag for both encodings.
  const entityTag = `W/"${hash('sha256', plain, 'base64url').slice(0, 22)}"`;
  return { entityTag, plain, zipped: await compress(plain) };
}
