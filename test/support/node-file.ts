import { File as NodeFile } from 'node:buffer'

/** A file that Node can send through a MessageChannel, as it cannot send those of jsdom. */
export function nodeFile(content: string, name: string): File {
  const file: Omit<NodeFile, 'bytes'> = new NodeFile([content], name)
  // What Node types otherwise than the browser does.
  const bytes = () => Promise.resolve(new TextEncoder().encode(content))
  return Object.assign(file, { webkitRelativePath: '', bytes })
}
