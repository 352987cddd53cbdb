import { change, keysFrom, openDatabase, settled } from '../../workers/kept/database'

/** Changes the last byte of the stored chunks that `isMeant`. */
export async function spoilChunks(isMeant: (chunk: Blob) => boolean): Promise<void> {
  const database = openDatabase()
  const [keys, values] = await database('readonly', async (files) => [
    await settled(files.getAllKeys(keysFrom('chunk/'))),
    await settled<unknown[]>(files.getAll(keysFrom('chunk/'))),
  ])
  for (const [index, key] of keys.entries()) {
    const chunk = values[index]
    if (!(chunk instanceof Blob) || !isMeant(chunk)) continue
    const bytes = new Uint8Array(await chunk.arrayBuffer())
    bytes[bytes.length - 1] = bytes.at(-1)! ^ 1
    await change(database, (files) => void files.put(new Blob([bytes]), key))
  }
}
