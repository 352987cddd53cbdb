import { createHash } from 'node:crypto'
import type { Repository } from '../hub/repository'

/** Bytes that look random and are the same at every run. */
export function noise(length: number, seed: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  for (let offset = 0, block = 0; offset < length; offset += 32, block += 1)
    bytes.set(
      createHash('sha256')
        .update(`${seed} ${block}`)
        .digest()
        .subarray(0, length - offset),
      offset,
    )
  return bytes
}

export const textBytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
const json = (value: unknown) => textBytes(JSON.stringify(value))

export const t5Config = json({ model_type: 't5', architectures: ['T5ForConditionalGeneration'] })

export const repository = (
  id: string,
  files: Readonly<Record<string, Uint8Array<ArrayBuffer> | object>>,
  more: Partial<Repository> = {},
): Repository => ({
  id,
  files: new Map(
    Object.entries(files).map(([path, content]) => [
      path,
      content instanceof Uint8Array ? content : json(content),
    ]),
  ),
  ...more,
})

/** T5 in safetensors by its names; its weights are noise. */
export const t5 = (id = 'someone/t5', weightsBytes = 10_500): Repository =>
  repository(
    id,
    {
      'config.json': t5Config,
      'tokenizer.json': noise(2_300, `${id} tokenizer`),
      'tokenizer_config.json': { extra_ids: 100 },
      'README.md': textBytes('# A model'),
      'model.safetensors': noise(weightsBytes, `${id} weights`),
    },
    { licence: 'apache-2.0', parameters: 12_345 },
  )

/** Another model, with the tokenizer of the first. */
export const sharingWith = (model: Repository): Repository =>
  repository('someone/other', {
    'config.json': { model_type: 't5', d_model: 64 },
    'tokenizer.json': model.files.get('tokenizer.json')!,
    'model.safetensors': noise(1_700, 'other'),
  })
