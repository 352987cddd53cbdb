import { ModelFormatError, quoted } from './format-error'
import { parseSafetensors, type SafetensorsFile } from './safetensors'

export interface WeightsFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/**
 * Parses the files that make up a model's weights together, as large models are published: one, or several with different
 * tensors. Throws ModelFormatError naming the file and the tensor.
 */
export function parseWeights(files: readonly WeightsFile[]): SafetensorsFile {
  const [first, ...others] = files.map(({ name, bytes }) => ({ name, file: parseSafetensors(bytes, name) }))
  if (!first) throw new ModelFormatError('model.safetensors', 'file', 'to be part of the model', 'nothing')
  const tensors = new Map(first.file.tensors)
  for (const { name, file } of others) {
    const format = file.metadata.get('format')
    if (format !== first.file.metadata.get('format'))
      throw new ModelFormatError(
        name,
        'field "__metadata__.format"',
        `${quoted(first.file.metadata.get('format'))} as in ${first.name}`,
        quoted(format),
      )
    for (const [tensorName, tensor] of file.tensors) {
      if (tensors.has(tensorName))
        throw new ModelFormatError(name, `tensor ${quoted(tensorName)}`, 'it in one file only', 'it in two')
      tensors.set(tensorName, tensor)
    }
  }
  return { metadata: first.file.metadata, tensors }
}
