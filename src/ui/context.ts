import { createContext } from 'svelte'
import type { Smallcap } from '../state/smallcap.svelte'

/** The one state that all components of the page share, set by App. */
export const [getSmallcap, setSmallcap] = createContext<Smallcap>()
