import { parseAdapter } from '../../workers/formats/adapter'
import { decodeFloats, isFloatType } from '../../workers/formats/decode-tensor'
import { halfTensor } from '../../workers/formats/half-tensor'
import { parseSafetensors } from '../../workers/formats/safetensors'
import { writeSafetensors } from '../../workers/formats/safetensors-writer'
import type { T5Config } from '../../workers/formats/t5-config'
import type { TensorView } from '../../workers/formats/tensor-view'
import type { PackFile } from './pack-file'
import type { SourceFolder } from './source-folder'

/** Checks a LoRA adapter against the model and writes its weights as F16 under the same names. */
export async function packAdapter(
  source: SourceFolder,
  folder: string,
  config: T5Config,
): Promise<readonly PackFile[]> {
  const configBytes = await source.read(`${folder}/adapter_config.json`)
  const weights = await source.read(`${folder}/adapter_model.safetensors`)
  parseAdapter(config, { folder, config: configBytes, weights })
  const { tensors } = parseSafetensors(weights, `${folder}/adapter_model.safetensors`)
  return [
    { path: `${folder}/adapter_config.json`, bytes: configBytes },
    {
      path: `${folder}/adapter_model.safetensors`,
      bytes: writeSafetensors([...tensors.values()].map(toF16), { format: 'pt' }),
    },
  ]
}

/** Values that F16 cannot hold keep the tensor in F32. */
function toF16({ name, dtype, shape, bytes }: TensorView) {
  if (dtype === 'F16' || !isFloatType(dtype)) return { name, dtype, shape, data: bytes }
  return halfTensor({ name, shape, values: decodeFloats(dtype, bytes) })
}
