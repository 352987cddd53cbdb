/** The text of a blob; jsdom's blobs cannot tell it themselves. */
export function textOfBlob(blob: Blob | undefined): Promise<string> {
  if (!blob) throw new Error('There is no blob.')
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : '')
    reader.onerror = () => reject(new Error('The blob cannot be read.'))
    reader.readAsText(blob)
  })
}
