import type { PickedFile } from '../../store/contract'

/** Files as a picker gives them; of a folder, the paths below it. */
export function pickedFiles(list: FileList | null): readonly PickedFile[] {
  return [...(list ?? [])].map((file) => ({
    path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath.split('/').slice(1).join('/'),
    file,
  }))
}

/** What the folder is called, or the only file, or how many there are. */
export function nameOfPicked(list: FileList | null): string {
  const [first] = list ?? []
  if (!first) return ''
  const [folder] = first.webkitRelativePath.split('/')
  if (folder !== undefined && folder !== '') return folder
  return list?.length === 1 ? first.name : `${list?.length ?? 0} files`
}
