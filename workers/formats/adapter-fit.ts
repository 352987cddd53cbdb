import { TENSOR_NAME } from './adapter'
import { parseSafetensors } from './safetensors'
import type { T5Config } from './t5-config'
import { t5Projections } from './t5-tensors'

/** What LoRA may change here; the gated models have `wi_0` and `wi_1`, the others `wi`. */
const TARGETS = ['q', 'k', 'v', 'o', 'wi_0', 'wi_1', 'wi', 'wo']

/**
 * Why an adapter of a sound form cannot be put on a model, as words that follow its name; undefined where the modules that it
 * changes and their widths are the model's. Its ranks and values are for `parseAdapter` to check.
 * @throws ModelFormatError when the file is no safetensors
 */
export function whyMisfit(config: T5Config, weights: Uint8Array, file: string): string | undefined {
  const linears = new Map(t5Projections(config).map((linear) => [linear.module, linear]))
  for (const { name, shape } of parseSafetensors(weights, file).tensors.values()) {
    const [, module, factor] = TENSOR_NAME.exec(name) ?? []
    if (module === undefined) continue
    const linear = linears.get(module)
    if (!linear) return whyNoTarget(module)
    const width = factor === 'A' ? shape[1] : shape[0]
    const fitting = factor === 'A' ? linear.inFeatures : linear.outFeatures
    if (width !== fitting)
      return `was made for a model of another size: at ${module} it is ${String(width)} wide, and the model is ${fitting}`
  }
  return undefined
}

function whyNoTarget(module: string): string {
  const last = module.split('.').at(-1) ?? ''
  return TARGETS.includes(last)
    ? `changes ${module}, which this model does not have: it was made for another one`
    : `changes ${module}, and only ${TARGETS.join(', ')} of the blocks can be changed here`
}
