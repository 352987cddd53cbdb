import { createContext } from 'svelte'
import type { Projects } from '../state/projects.svelte'
import type { Smallcap } from '../state/smallcap.svelte'

/** The state over the project that is open, which all components share, set by Page. */
export const [getSmallcap, setSmallcap] = createContext<Smallcap>()

/** All projects, set by App. */
export const [getProjects, setProjects] = createContext<Projects>()
