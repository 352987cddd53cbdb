import { createTarPacker } from 'modern-tar'

/** Files as one uncompressed tar. */
export async function packTar(files: ReadonlyMap<string, Blob>): Promise<Blob> {
  const { readable, controller } = createTarPacker()
  const whole = new Response(readable).blob()
  for (const [name, file] of files)
    await file.stream().pipeTo(controller.add({ name, size: file.size, mtime: new Date(0) }))
  controller.finalize()
  return whole
}
