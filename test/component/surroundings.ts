/** What jsdom lacks and the components use: popovers, which are shown or not, without a top layer. */
const OPEN = 'data-popover-open'

export function stubSurroundings(): void {
  HTMLElement.prototype.showPopover = function () {
    this.setAttribute(OPEN, '')
  }
  HTMLElement.prototype.hidePopover = function () {
    this.removeAttribute(OPEN)
  }
}

export const isShown = (popover: Element): boolean => popover.hasAttribute(OPEN)
