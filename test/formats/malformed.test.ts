import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ModelFormatError } from '../../workers/formats/format-error'
import { readModelWeights } from '../../workers/formats/read-model-weights'
import { parseSafetensors } from '../../workers/formats/safetensors'
import { adapterCases } from './malformed/adapter-cases'
import { containerCases } from './malformed/container-cases'
import { textCases } from './malformed/text-cases'
import { tokenizerCases } from './malformed/tokenizer-cases'
import { weightsCases } from './malformed/weights-cases'
import { tinyFile, tinyModel } from './tiny-model'

/** Tells a reader that hangs from a machine that hesitates; each takes some milliseconds. */
const MAX_MILLISECONDS = 2_000

const CASES = [...containerCases(), ...weightsCases(), ...textCases(), ...tokenizerCases(), ...adapterCases()]

function failureOf(read: () => unknown): unknown {
  try {
    read()
    return undefined
  } catch (error) {
    return error
  }
}

describe('malformed files', () => {
  it('are at least 200, each another one', () => {
    expect(new Set(CASES.map(({ title }) => title)).size).toBe(CASES.length)
    expect(CASES.length).toBeGreaterThanOrEqual(200)
  })

  it.each(CASES)('$title', ({ read, names }) => {
    const startedAt = performance.now()
    const error = failureOf(read)
    const elapsedMs = performance.now() - startedAt
    expect(error).toBeInstanceOf(ModelFormatError)
    if (!(error instanceof ModelFormatError)) return
    for (const name of names) expect(error.message).toContain(name)
    expect(error.message).toMatch(/: expected .+, found ./s)
    expect(error.message.length).toBeLessThan(1_500)
    expect(elapsedMs).toBeLessThan(MAX_MILLISECONDS)
  })

  it('of any kind throw nothing but ModelFormatError', () => {
    const { config } = tinyModel('relu-tied')
    const valid = tinyFile('relu-tied/model.safetensors')
    const headerEnd = 8 + Number(new DataView(valid.buffer).getBigUint64(0, true))
    const flips = fc.array(fc.record({ at: fc.nat(headerEnd - 1), byte: fc.nat(255) }), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(flips, (changes) => {
        const bytes = valid.slice()
        for (const { at, byte } of changes) bytes[at] = byte
        const error = failureOf(() => readModelWeights(config, parseSafetensors(bytes, 'a'), 'a'))
        if (error !== undefined) expect(error).toBeInstanceOf(ModelFormatError)
      }),
      { numRuns: 500 },
    )
  })
})
