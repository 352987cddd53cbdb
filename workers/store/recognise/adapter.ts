import { parseAdapterConfig } from '../../formats/adapter-config'
import { AS_PUBLISHED, asPublished, type Folder, type Recognised } from './recognised'

const CONFIG = 'adapter_config.json'
const WEIGHTS = 'adapter_model.safetensors'

/** LoRA in PEFT's layout. */
export async function recogniseAdapter(folder: Folder): Promise<Recognised | undefined> {
  const bytes = await folder.bytes(CONFIG)
  const fields = await folder.fields(CONFIG)
  const config = folder.find(CONFIG)
  if (!bytes || !fields || !config) return undefined
  const baseModel = fields.has('base_model_name_or_path') ? fields.text('base_model_name_or_path') : undefined
  parseAdapterConfig(bytes, CONFIG)
  const weights = folder.find(WEIGHTS)
  if (!weights)
    return {
      choices: [],
      unusable: `The adapter has no ${WEIGHTS}${folder.find('adapter_model.bin') ? '; adapter_model.bin is a Python pickle, which is not safe to read' : ''}. Save it again with a current version of PEFT.`,
    }
  return {
    choices: [asPublished('adapter', AS_PUBLISHED, [config, weights])],
    ...(baseModel !== undefined && { baseModel }),
  }
}
