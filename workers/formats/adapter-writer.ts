import type { Adapter, AdapterModule } from './adapter'
import { writeSafetensors, type TensorToWrite } from './safetensors-writer'
import type { T5Config } from './t5-config'
import { t5Projections } from './t5-tensors'

/** The two files of PEFT's layout. */
export interface WrittenAdapter {
  readonly config: Uint8Array<ArrayBuffer>
  readonly weights: Uint8Array<ArrayBuffer>
}

/**
 * Writes an adapter as PEFT (`PeftModel.from_pretrained`) loads it. Its scaling is part of B here, so alpha is written equal
 * to the rank, which makes PEFT's scaling 1; modules of another rank than most are named one by one.
 * @param baseModel what PEFT is to load beneath it
 */
export function writeAdapter(config: T5Config, adapter: Adapter, baseModel: string): WrittenAdapter {
  const rank = mostCommonRank(adapter)
  const others = [...adapter.modules].filter(([, module]) => module.rank !== rank)
  const pattern = Object.fromEntries(others.map(([name, module]) => [`^${name}`, module.rank]))
  const settings = {
    peft_type: 'LORA',
    task_type: 'SEQ_2_SEQ_LM',
    base_model_name_or_path: baseModel,
    r: rank,
    lora_alpha: rank,
    lora_dropout: 0,
    bias: 'none',
    target_modules: [...adapter.modules.keys()].sort(),
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    use_rslora: false,
    use_dora: false,
    modules_to_save: null,
    rank_pattern: pattern,
    alpha_pattern: pattern,
  }
  const projections = new Map(t5Projections(config).map((projection) => [projection.module, projection]))
  const tensors = [...adapter.modules].flatMap(([name, module]) => {
    const projection = projections.get(name)
    if (!projection) throw new Error(`${name} is no projection of this model`)
    return factors(name, module, projection.inFeatures, projection.outFeatures)
  })
  return {
    config: new TextEncoder().encode(`${JSON.stringify(settings, null, 2)}\n`),
    weights: writeSafetensors(tensors, { format: 'pt' }),
  }
}

function factors(
  name: string,
  { rank, a, b }: AdapterModule,
  inFeatures: number,
  outFeatures: number,
): readonly TensorToWrite[] {
  const stem = `base_model.model.${name}`
  return [
    { name: `${stem}.lora_A.weight`, dtype: 'F32', shape: [rank, inFeatures], data: a },
    { name: `${stem}.lora_B.weight`, dtype: 'F32', shape: [outFeatures, rank], data: b },
  ]
}

function mostCommonRank({ modules }: Adapter): number {
  const counts = new Map<number, number>()
  for (const { rank } of modules.values()) counts.set(rank, (counts.get(rank) ?? 0) + 1)
  const [most] = [...counts].sort(([, a], [, b]) => b - a)
  return most?.[0] ?? 1
}
