import { describe, expect, it } from 'vitest'
import {
  commandOfKey,
  DEFAULT_KEYS,
  keyName,
  LABEL_COMMANDS,
  withKey,
} from '../../../src/domain/labelling/key-map'

const press = (key: string, shiftKey = false): string => keyName({ key, shiftKey })

describe('the keys of the Label view', () => {
  it('name what was pressed, with Shift only where it makes a difference', () => {
    expect([
      press('a'),
      press('A', true),
      press('1'),
      press('!', true),
      press(' '),
      press('Enter', true),
    ]).toEqual(['A', 'Shift+A', '1', '!', 'Space', 'Shift+Enter'])
    expect(press('Shift', true)).toBe('Shift')
  })

  it('have one command each', () => {
    const keys = LABEL_COMMANDS.map((command) => DEFAULT_KEYS[command])
    expect(new Set(keys).size).toBe(LABEL_COMMANDS.length)
    expect(commandOfKey(DEFAULT_KEYS, '3')).toBe('label 3')
    expect(commandOfKey(DEFAULT_KEYS, '0')).toBe('label 10')
    expect(commandOfKey(DEFAULT_KEYS, press('Z', true))).toBe('redo')
  })

  it('can be changed; who had the key before has none', () => {
    const keys = withKey(DEFAULT_KEYS, 'label 1', 'S')
    expect(commandOfKey(keys, 'S')).toBe('label 1')
    expect(keys.skip).toBeUndefined()
    expect(commandOfKey(keys, '1')).toBeUndefined()
  })

  it('cannot be those that the browser needs', () => {
    expect(withKey(DEFAULT_KEYS, 'skip', 'Tab')).toBe(DEFAULT_KEYS)
  })
})
