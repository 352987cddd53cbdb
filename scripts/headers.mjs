/**
 * The response headers of every file we serve, by path; one source for our server, `vite dev`, `vite preview` and the service
 * worker, which sends them where a host does not.
 * A dedicated worker takes its policy from its own script's headers, not from the page, so each has its own line here.
 */

/** Directives shared by the page and its workers: nothing but our own origin, no inline or evaluated script. */
const page = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'worker-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
}

/** ONNX Runtime spawns its threads from its own script, so `ort/` is a worker script too. */
const worker = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'connect-src': "'self'",
  'worker-src': "'self'",
}

/** Reads the user's files: it sees text and needs nothing from anywhere, its own scripts apart (a decompressor is WASM). */
const files = { ...worker, 'connect-src': "'none'", 'worker-src': "'none'" }

/**
 * Fetches model files from whatever hub or mirror the user names, and never sees text. Plain http only on this machine: from
 * elsewhere it would be refused as mixed content anyway.
 */
const store = {
  ...worker,
  'connect-src': "'self' https: http://localhost:* http://127.0.0.1:*",
  'worker-src': "'none'",
}

/** The service worker: keeps the site's own files and hands them out. */
const offline = { ...worker, 'script-src': "'self'", 'worker-src': "'none'" }

/** Vite's client talks over a web socket and injects style elements; only the dev server is loosened for it. */
const dev = { 'connect-src': "'self' ws:", 'style-src': "'self' 'unsafe-inline'" }

/**
 * Policies of worker scripts by the stem of `<stem>.worker.ts`; a worker that is not named here gets {@link worker}.
 * @type {Readonly<Record<string, Readonly<Record<string, string>>>>}
 */
const workers = { engine: worker, files, store, offline }

/** @param {Readonly<Record<string, string>>} policy */
const join = (policy) =>
  Object.entries(policy)
    .map((directive) => directive.join(' '))
    .join('; ')

/**
 * The page's policy as a `<meta>` element can state it, for the visits in which no headers come: who may frame the page can
 * only be said in a header.
 */
export const metaPolicy = () =>
  join(Object.fromEntries(Object.entries(page).filter(([directive]) => directive !== 'frame-ancestors')))

/**
 * The Content-Security-Policy of a path: a worker's own for `<stem>.worker…` scripts and ONNX Runtime's threads, else the page's.
 * @param {string} path URL path without the query
 * @param {'dev' | 'built'} mode `dev` only behind Vite's dev server
 * @returns {string}
 */
export function contentSecurityPolicy(path, mode = 'built') {
  const stem = /(?:^|\/)([\w-]+)\.worker[-.]/.exec(path)?.[1]
  const isWorker = stem !== undefined || path.startsWith('/ort/')
  const policy = isWorker ? (workers[stem ?? 'engine'] ?? worker) : page
  return join(mode === 'dev' ? { ...policy, ...dev } : policy)
}

/**
 * All headers of a path except its type, length and encoding.
 * @param {string} path URL path without the query
 * @param {'dev' | 'built'} mode
 * @returns {Record<string, string>}
 */
export function headersFor(path, mode = 'built') {
  return {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Content-Security-Policy': contentSecurityPolicy(path, mode),
    'Cache-Control': isHashed(path) && mode === 'built' ? 'public, max-age=31536000, immutable' : 'no-cache',
  }
}

/**
 * The content type of files that the server's own table does not know, else undefined.
 * @param {string} path
 * @returns {string | undefined}
 */
export function contentTypeOf(path) {
  return path.endsWith('.safetensors') ? 'application/octet-stream' : undefined
}

/**
 * Whether the bytes behind the path never change: the build put a content hash in the name, or a version in the folder's.
 * @param {string} path
 */
const isHashed = (path) => /^\/(?:assets\/[^/]+-[\w-]{8}\.\w+|ort\/\d[^/]*\/[^/]+)$/.test(path)
