import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseAdapter } from '../../workers/formats/adapter'
import { parseModelManifest } from '../../workers/formats/model-manifest'
import { readModelWeights } from '../../workers/formats/read-model-weights'
import { parseSafetensors } from '../../workers/formats/safetensors'
import { parseT5Config } from '../../workers/formats/t5-config'
import { parseTaskFile } from '../../workers/formats/task-file'

const read = (path: string) =>
  new Uint8Array(readFileSync(new URL(`../../public/models/${path}`, import.meta.url)))

interface Catalogue {
  readonly models: readonly { id: string; name: string; parameters: number; weightsBytes: number }[]
}
const catalogue = JSON.parse(new TextDecoder().decode(read('catalogue.json'))) as Catalogue

describe('the embedded models', () => {
  it('are nano and mini', () => {
    expect(catalogue.models.map(({ name }) => name)).toEqual(['nano', 'mini'])
  })

  it.each(catalogue.models)(
    '$id is what its manifest and the catalogue say',
    ({ id, parameters, weightsBytes }) => {
      const manifest = parseModelManifest(read(`${id}/model.json`), 'model.json')
      for (const { path, sizeBytes, sha256 } of manifest.files) {
        const bytes = read(`${id}/${path}`)
        expect(bytes.byteLength).toBe(sizeBytes)
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
      }
      const weightsBytesInPack = read(`${id}/model.int8.safetensors`)
      expect(weightsBytesInPack.byteLength).toBe(weightsBytes)
      const config = parseT5Config(read(`${id}/config.json`), 'config.json')
      const file = parseSafetensors(weightsBytesInPack, 'model.int8.safetensors')
      const weights = readModelWeights(config, file, 'model.int8.safetensors')
      expect(weights.isQuantised).toBe(true)
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
})
