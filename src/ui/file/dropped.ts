/** What a drag onto the page brings. */
export type Dropped =
  | { readonly kind: 'file'; readonly file: File }
  /** Nothing that can be opened, and a sentence that says so. */
  | { readonly kind: 'refused'; readonly sentence: string }

/** Whether files are dragged, rather than text, which goes where it is dropped. */
export const bringsFiles = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer?.types.includes('Files') ?? false

const isFolder = (item: DataTransferItem): boolean => item.webkitGetAsEntry()?.isDirectory ?? false

/** The one file that was dropped, or why there is none; to be asked while the drop is handled, as it is empty afterwards. */
export function readDrop({ files, items }: DataTransfer): Dropped {
  const [file] = files
  if (files.length > 1) {
    const sentence = `${files.length} files were dropped, and none was opened: files are read one at a time. Drop the one you want.`
    return { kind: 'refused', sentence }
  }
  if ([...items].some(isFolder)) {
    const name = file === undefined ? 'A folder' : `The folder “${file.name}”`
    return {
      kind: 'refused',
      sentence: `${name} was dropped, and cannot be opened. Drop one of the files in it.`,
    }
  }
  if (file === undefined) {
    const sentence = 'What was dropped is no file that this page can read. Save it first, then drop the file.'
    return { kind: 'refused', sentence }
  }
  return { kind: 'file', file }
}
