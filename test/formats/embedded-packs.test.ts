import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseAdapter } from '../../workers/formats/adapter'
import { filesToLoad, parseModelManifest } from '../../workers/formats/model-manifest'
import { readModelWeights } from '../../workers/formats/read-model-weights'
import { parseSafetensors } from '../../workers/formats/safetensors'
import { parseT5Config } from '../../workers/formats/t5-config'
import { parseTaskFile } from '../../workers/formats/task-file'

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
})
