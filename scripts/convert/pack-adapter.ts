import { parseAdapter } from '../../workers/formats/adapter'
import { decodeFloats, isFloatType } from '../../workers/formats/decode-tensor'
import { encodeF16 } from '../../workers/formats/half'
import { parseSafetensors } from '../../workers/formats/safetensors'
import { writeSafetensors } from '../../workers/formats/safetensors-writer'
import type { T5Config } from '../../workers/formats/t5-config'
import type { TensorView } from '../../workers/formats/tensor-view'
import type { PackFile } from './pack-file'
import type { SourceFolder } from './source-folder'

/** The largest finite binary16. */
const MAX_F16 = 65_504

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

/** Values that F16 cannot hold keep the tensor as it is. */
function toF16(tensor: TensorView) {
  const { name, dtype, shape, bytes } = tensor
  if (dtype === 'F16' || !isFloatType(dtype)) return { name, dtype, shape, data: bytes }
  const values = decodeFloats(dtype, bytes)
  if (values.some((value) => Math.abs(value) > MAX_F16)) return { name, dtype, shape, data: bytes }
  return { name, dtype: 'F16' as const, shape, data: encodeF16(values) }
}
