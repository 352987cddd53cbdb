/** What jsdom lacks and the components use: popovers, shown or not, without a top layer; sizes, which never change. */
const OPEN = 'data-popover-open'

class StillObserver {
  observe = () => undefined
  unobserve = () => undefined
  disconnect = () => undefined
}

export function stubSurroundings(): void {
  HTMLElement.prototype.showPopover = function () {
    this.setAttribute(OPEN, '')
  }
  HTMLElement.prototype.hidePopover = function () {
    this.removeAttribute(OPEN)
  }
  Reflect.set(globalThis, 'ResizeObserver', StillObserver)
}

export const isShown = (popover: Element): boolean => popover.hasAttribute(OPEN)
