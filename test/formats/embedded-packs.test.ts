import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseAdapter } from '../../workers/formats/adapter'
import { readFormatLoss } from '../../workers/formats/format-loss'
import { filesToLoad, parseModelManifest } from '../../workers/formats/model-manifest'
import { readModelWeights } from '../../workers/formats/read-model-weights'
import { parseSafetensors } from '../../workers/formats/safetensors'
import { parseT5Config } from '../../workers/formats/t5-config'
import { parseTaskFile } from '../../workers/formats/task-file'
import { readTestScores } from '../../workers/formats/test-scores'

const read = (path: string) =>
  new Uint8Array(readFileSync(new URL(`../../public/models/${path}`, import.meta.url)))

interface Catalogue {
  readonly models: readonly { id: string; name: string; parameters: number; downloadBytes: number }[]
}
const catalogue = JSON.parse(new TextDecoder().decode(read('catalogue.json'))) as Catalogue

describe('the embedded models', () => {
  it('are nano and mini', () => {
    expect(catalogue.models.map(({ name }) => name)).toEqual(['nano', 'mini'])
  })

  it.each(catalogue.models)(
    '$id is what its manifest and the catalogue say',
    ({ id, parameters, downloadBytes }) => {
      const manifest = parseModelManifest(read(`${id}/model.json`), 'model.json')
      for (const { path, sizeBytes, sha256 } of manifest.files) {
        const bytes = read(`${id}/${path}`)
        expect(bytes.byteLength).toBe(sizeBytes)
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
      }
      const loaded = filesToLoad(manifest)
      expect(loaded.map(({ path }) => path)).not.toContain('README.md')
      expect(loaded.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBe(downloadBytes)
      const config = parseT5Config(read(`${id}/config.json`), 'config.json')
      const file = parseSafetensors(read(`${id}/model.int8.safetensors`), 'model.int8.safetensors')
      const weights = readModelWeights(config, file, 'model.int8.safetensors')
      expect(weights.storedFormat).toBe('int8')
      expect([weights.parameters, manifest.parameters]).toEqual([parameters, parameters])
      const { adapter } = parseTaskFile(read(`${id}/task.json`), 'task.json')
      expect(manifest.adapters).toEqual([adapter])
      for (const folder of manifest.adapters)
        parseAdapter(config, {
          folder,
          config: read(`${id}/${folder}/adapter_config.json`),
          weights: read(`${id}/${folder}/adapter_model.safetensors`),
        })
    },
  )

  it.each(catalogue.models)('$id reaches and loses in int8 what the README says', ({ id, name }) => {
    const file = 'model.int8.safetensors'
    const { metadata } = parseSafetensors(read(`${id}/${file}`), file)
    const ofInt8 = ({ numberFormat }: { numberFormat: string }) => numberFormat === 'int8'
    const losses = readFormatLoss(metadata, file)?.losses.filter(ofInt8) ?? []
    const scores = readTestScores(metadata, file).filter(ofInt8)
    expect([losses.length, scores.length]).toEqual([2, 4])

    const decimals = (value: number, digits: number) => value.toFixed(digits).slice(1)
    const lost = losses.map(({ weights, equalLabels, meanDifference, p99Difference }) => [
      `${name}, ${weights}`,
      `${(equalLabels * 100).toFixed(1)} %`,
      decimals(meanDifference, 4),
      decimals(p99Difference, 4),
    ])
    const modes = { base: 'zero-shot', finance: 'fine-tuned' }
    const reached = Object.entries(modes).map(([weights, mode]) => [
      `${name}, ${mode}`,
      ...scores
        .filter((score) => score.weights === weights)
        .map(({ accuracy, macroF1 }) => `${decimals(accuracy, 3)} / ${decimals(macroF1, 3)}`),
    ])
    expect(readmeRows()).toEqual(expect.arrayContaining([...lost, ...reached]))
  })
})

/** The cells of every row of every table in the README, without emphasis. */
function readmeRows(): string[][] {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  return readme
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.replaceAll('**', '').trim()),
    )
}
