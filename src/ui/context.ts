import { createContext } from 'svelte'
import type { FileImport } from '../state/file-import.svelte'
import type { Smallcap } from '../state/smallcap.svelte'

/** The one state that all components of the page share, set by App. */
export const [getSmallcap, setSmallcap] = createContext<Smallcap>()

/** Where an opened file goes: each view that takes files sets its own. */
export const [getFileImport, setFileImport] = createContext<FileImport>()
