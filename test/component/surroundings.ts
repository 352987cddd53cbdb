import { configure } from '@testing-library/svelte'

/** What jsdom lacks and the components use: popovers, shown or not, without a top layer; sizes, which never change. */
const OPEN = 'data-popover-open'

class StillObserver {
  observe = () => undefined
  unobserve = () => undefined
  disconnect = () => undefined
}

export function stubSurroundings(): void {
  // Parts of the page that come later are compiled when they are first asked for, which takes long on a busy machine.
  configure({ asyncUtilTimeout: 10_000 })
  HTMLElement.prototype.showPopover = function () {
    this.setAttribute(OPEN, '')
  }
  HTMLElement.prototype.hidePopover = function () {
    this.removeAttribute(OPEN)
  }
  Reflect.set(globalThis, 'ResizeObserver', StillObserver)
}

export const isShown = (popover: Element): boolean => popover.hasAttribute(OPEN)
