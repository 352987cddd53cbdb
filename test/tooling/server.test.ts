import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request, type IncomingMessage, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { afterAll, afterEach, expect, test } from 'vitest'
import { createStaticServer, listen } from '../../scripts/setup/server.mjs'

const host = '127.0.0.1'
const folder = mkdtempSync(join(tmpdir(), 'smallcap-server-'))
mkdirSync(join(folder, 'assets'))
for (const name of ['index.html', 'assets/engine.worker-AbCd_123.js', 'a.mjs', 'a.wasm', 'a.safetensors'])
  writeFileSync(join(folder, name), 'plain')
writeFileSync(join(folder, 'a.wasm.br'), brotliCompressSync('plain'))
writeFileSync(join(folder, 'a.safetensors.br'), brotliCompressSync('plain'))
afterAll(() => rmSync(folder, { recursive: true }))

const running: Server[] = []
afterEach(() => {
  for (const server of running.splice(0)) server.close().closeAllConnections()
})

/** Starts a server from `port` on and returns the port it got. */
async function serve(port: number): Promise<number> {
  const server = createStaticServer(folder)
  running.push(server)
  return listen(server, port, host)
}

const get = (port: number, path: string, method = 'GET'): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const headers = { 'Accept-Encoding': 'gzip, br' }
    request({ host, port, path, method, headers }, (response) => resolve(response.resume()))
      .once('error', reject)
      .end()
  })

test('a taken port moves to the next free one', async () => {
  const first = await serve(0)
  const second = await serve(first)
  expect(second).toBeGreaterThan(first)
  expect((await get(second, '/')).statusCode).toBe(200)
})

test('an address that cannot be listened on is an error, not another port', async () => {
  await expect(listen(createStaticServer(folder), 0, '203.0.113.1')).rejects.toThrow('EADDRNOTAVAIL')
})

test.each([
  ['/', 'text/html;charset=utf-8', undefined],
  ['/a.mjs', 'text/javascript', undefined],
  ['/a.wasm', 'application/wasm', 'br'],
  ['/a.safetensors', 'application/octet-stream', 'br'],
])('%s is sent as %s, encoding %s', async (path, type, encoding) => {
  const { headers } = await get(await serve(0), path)
  expect(headers['content-type']).toBe(type)
  expect(headers['content-encoding']).toBe(encoding)
})

test('the page and a worker script each come with their own policy', async () => {
  const port = await serve(0)
  const [page, worker] = [await get(port, '/?a'), await get(port, '/assets/engine.worker-AbCd_123.js')]
  expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'")
  expect(worker.headers['content-security-policy']).toBe(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'",
  )
  expect(worker.headers['cross-origin-embedder-policy']).toBe('require-corp')
})

test('what is not there, or not asked for with GET, is refused under the same policy', async () => {
  const port = await serve(0)
  const answers = [
    await get(port, '/../package.json'),
    await get(port, '/nothing'),
    await get(port, '/', 'POST'),
  ]
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 405])
  for (const { headers } of answers)
    expect(headers['content-security-policy']).toContain("default-src 'none'")
})
