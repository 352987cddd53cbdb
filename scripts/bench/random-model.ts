/** A model with the shapes of flan-t5-small and random weights, written by the project's own writer and quantiser. */
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeSafetensors } from '../../workers/formats/safetensors-writer'
import { parseT5Config } from '../../workers/formats/t5-config'
import { convertModel } from '../convert/convert-model'
import { FLAN_T5_SMALL, randomTensors } from './random-tensors'
import { addPublished } from './site'

/** Its tokenizer and task are those of the smallest embedded model, whose ids lie within the larger vocabulary. */
const asked = fileURLToPath(new URL('../../public/models/smallcap-t5-nano', import.meta.url))

/** Puts the model under `models/` as `<name>-fp32` and as the int8 pack `<name>-int8`. */
export async function addRandomModel(site: string, scratch: string, name: string): Promise<void> {
  const source = join(scratch, name)
  await mkdir(source, { recursive: true })
  for (const file of ['tokenizer.json', 'tokenizer_config.json', 'task.json'])
    await cp(join(asked, file), join(source, file))
  await writeFile(join(source, 'config.json'), JSON.stringify(FLAN_T5_SMALL))
  const config = parseT5Config(new TextEncoder().encode(JSON.stringify(FLAN_T5_SMALL)), 'config.json')
  await writeFile(join(source, 'model.safetensors'), writeSafetensors(randomTensors(config)))
  await addPublished(site, source, `${name}-fp32`)
  await convertModel({ source, out: join(site, 'models', `${name}-int8`) })
}
