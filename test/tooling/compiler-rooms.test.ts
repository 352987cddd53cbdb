import { dirname, join } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'

/** Compiles `code` as a file of the room, under the room's own settings, and returns the errors in it. */
function errorsOf(room: string, code: string): string[] {
  const configPath = join(room, 'tsconfig.json')
  const { config } = ts.readConfigFile(configPath, (path) => ts.sys.readFile(path)) as { config: unknown }
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(configPath))
  const probe = ts.sys.resolvePath(join(room, 'compiler-probe.ts'))
  const host = ts.createCompilerHost(options)
  const real = ts.createCompilerHost(options)
  host.fileExists = (name) => name === probe || real.fileExists(name)
  host.getSourceFile = (name, language) =>
    name === probe ? ts.createSourceFile(name, code, language) : real.getSourceFile(name, language)
  const program = ts.createProgram([probe], options, host)
  const file = program.getSourceFile(probe)
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
    ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'),
  )
}

test.each([
  ['src/domain', 'document'],
  ['src/domain', 'window'],
  ['src/domain', 'fetch'],
  ['src/domain', 'performance'],
  ['src/domain', 'process'],
  ['workers', 'document'],
  ['workers', 'window'],
  ['workers', 'process'],
  ['scripts', 'document'],
  ['src', 'process'],
])('%s has no `%s`', (room, name) => {
  expect(errorsOf(room, `export const x = ${name}`)).toEqual([expect.stringMatching(/^Cannot find name/)])
})

test.each([
  ['src/domain', 'Math.max(1, 2)'],
  ['src', 'document.title'],
  ['workers', 'self.postMessage'],
  ['scripts', 'process.pid'],
])('%s has `%s`', (room, expression) => {
  expect(errorsOf(room, `export const x = ${expression}`)).toEqual([])
})

test.each(['src/domain', 'src', 'workers', 'scripts', 'test'])(
  '%s is compiled in the strictest way',
  (room) => {
    const code = `
    export const at = (list: readonly number[]): number => list[0]
    export const box: { size?: number } = { size: undefined }`
    expect(errorsOf(room, code)).toHaveLength(2)
  },
)
