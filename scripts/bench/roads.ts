/** One model in every way that it can be published: safetensors as a pack or as they are, and ONNX folders. */
import { existsSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { NumberFormat } from '../../src/engine/contract'
import { convertModel } from '../convert/convert-model'
import { addPublished } from './site'
import type { Subject } from './subject'

/** Puts the models below `models/` as far as their originals are at hand; each model's ways, our pack first. */
export async function addRoads(
  site: string,
  reference: string,
  models: readonly string[],
): Promise<readonly (readonly Subject[])[]> {
  const roads: (readonly Subject[])[] = []
  for (const model of models) {
    const subjects: Subject[] = []
    const add = (numberFormat: NumberFormat, road: string, folder: string) => {
      const name = `${model.replace('smallcap-t5-', '')}, ${road}`
      subjects.push({ name, model: folder, numberFormat, hasPeer: false })
    }
    const source = resolve(reference, model)
    if (!existsSync(join(source, 'model.safetensors'))) continue
    for (const [format, numberFormat] of [
      ['int8', 'int8'],
      ['int4', 'int4-weights'],
    ] as const) {
      const folder = `${model}-road-${format}`
      await convertModel({ source, out: join(site, 'models', folder), format })
      add(numberFormat, `safetensors, ${format} pack`, folder)
    }
    await addPublished(site, source, `${model}-road-fp32`)
    add('fp32', 'safetensors, fp32', `${model}-road-fp32`)
    const exported = join(source, 'onnx-reference')
    const formats = (
      [
        ['', 'fp32'],
        ['_quantized', 'int8'],
      ] as const
    ).filter(([suffix]) => existsSync(join(exported, `onnx/decoder_model_merged${suffix}.onnx`)))
    roads.push(subjects)
    if (formats.length === 0) continue
    await addPublished(site, exported, `${model}-road-onnx`)
    // The benchmark asks every model in its own words.
    await cp(join(source, 'task.json'), join(site, 'models', `${model}-road-onnx`, 'task.json'))
    for (const [, numberFormat] of formats)
      add(numberFormat, `ONNX folder, ${numberFormat}`, `${model}-road-onnx`)
  }
  return roads
}
