import { expect, test } from 'vitest'
import { missingPackages } from '../../scripts/setup/install.mjs'

const installed = {
  packages: {
    'node_modules/vite': { version: '8.0.0' },
    'node_modules/@scope/inner': { version: '1.0.0' },
  },
}
const locked = {
  packages: {
    '': { version: '0.1.0' },
    ...installed.packages,
    'node_modules/fsevents': { version: '2.0.0', optional: true },
  },
}

test('nothing is missing when the locked versions are installed, other platforms aside', () => {
  expect(missingPackages(locked, installed)).toEqual([])
})

test('an absent package and one of another version are missing', () => {
  expect(missingPackages(locked, { packages: { 'node_modules/vite': { version: '7.9.0' } } })).toEqual([
    'vite',
    '@scope/inner',
  ])
})
