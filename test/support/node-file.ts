import { File as NodeFile } from 'node:buffer'

/** A file that Node can send through a MessageChannel, as it cannot send those of jsdom. */
export const nodeFile = (content: string, name: string): File =>
  Object.assign(new NodeFile([content], name), {
    // What Node types otherwise than the browser does.
    webkitRelativePath: '',
    bytes: () => Promise.resolve(new TextEncoder().encode(content)),
  })
