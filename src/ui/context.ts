import { createContext } from 'svelte'
import type { Compared } from '../state/compare/compose-comparison'
import type { FileImport } from '../state/file-import.svelte'
import type { Labelling } from '../state/labelling/labelling.svelte'
import type { Projects } from '../state/projects.svelte'
import type { Smallcap } from '../state/smallcap.svelte'

/** The state over the project that is open, which all components share, set by Page. */
export const [getSmallcap, setSmallcap] = createContext<Smallcap>()

/** All projects, set by App. */
export const [getProjects, setProjects] = createContext<Projects>()

/** Where an opened file goes: each view that takes files sets its own. */
export const [getFileImport, setFileImport] = createContext<FileImport>()

/** The labelling of the project, set by the Label view. */
export const [getLabelling, setLabelling] = createContext<Labelling>()

/** The comparison of the project, set by the Compare view. */
export const [getCompared, setCompared] = createContext<Compared>()
