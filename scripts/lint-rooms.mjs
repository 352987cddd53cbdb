/**
 * Who may import whom, as ESLint settings: `zones` for our own files, `bans` for packages and globals.
 * The picture behind it: ui → state → domain, engine client, storage; workers know only the domain and the contract.
 */

const contract = ['./engine/contract.ts', './engine/adapters.ts', './engine/learning.ts']
const filesContract = './files/contract.ts'
const storeContract = './store/contract.ts'
const offlineContract = './offline/contract.ts'

/** Zones of import-x/no-restricted-paths: `target` must not import `from`, except the paths relative to `from`. */
export const zones = [
  {
    target: './src/domain',
    from: './',
    except: ['./src/domain', './node_modules'],
    message: 'The domain is pure: it imports only itself.',
  },
  {
    target: './src',
    from: ['./workers', './scripts', './test'],
    message: 'The page reaches workers only by `new Worker(new URL(…))` in the composition root.',
  },
  {
    target: ['./src/ui', './src/App.svelte'],
    from: './src/engine',
    except: ['./contract.ts', './adapters.ts'],
    message: 'Components talk to the engine through src/state.',
  },
  {
    target: ['./src/ui', './src/App.svelte'],
    from: './src/files',
    except: ['./contract.ts'],
    message: 'Components open files through src/state.',
  },
  {
    target: ['./src/ui', './src/App.svelte'],
    from: './src/store',
    except: ['./contract.ts'],
    message: 'Components manage models through src/state.',
  },
  {
    target: ['./src/ui', './src/App.svelte', './src/state'],
    from: './src/offline',
    message: 'What the page shows and knows does not depend on where it came from.',
  },
  {
    target: ['./src/ui', './src/App.svelte'],
    from: './src/storage/!(*-record).ts',
    message: 'Components read and write storage through src/state and know only the shapes of records.',
  },
  {
    target: './workers',
    from: './src',
    except: ['./domain', ...contract, filesContract, storeContract, offlineContract],
    message: 'Workers share only src/domain and the contracts with the page.',
  },
  {
    target: './workers/files',
    from: ['engine', 't5', 'onnx', 'graph', 'formats', 'runtime', 'store', 'kept'].map(
      (room) => `./workers/${room}`,
    ),
    message: 'Files are read without models, graphs and the runtime.',
  },
  {
    target: ['engine', 't5', 'onnx', 'graph', 'formats', 'runtime'].map((room) => `./workers/${room}`),
    from: './workers/files',
    message: 'Models, graphs and the runtime know nothing of the user’s files.',
  },
  {
    target: ['./workers/graph', './workers/formats'],
    from: ['./workers/t5', './workers/onnx', './workers/engine', './workers/runtime'],
    message: 'Graphs and formats are the ground: they know nothing of what is built on them.',
  },
  {
    target: './workers/store',
    from: ['engine', 't5', 'onnx', 'graph', 'runtime', 'files'].map((room) => `./workers/${room}`),
    message: 'The store sees the network, and so neither texts nor what looks at them.',
  },
  {
    target: './workers/kept',
    from: ['engine', 't5', 'onnx', 'graph', 'formats', 'runtime', 'files', 'store'].map(
      (room) => `./workers/${room}`,
    ),
    message: 'What keeps files knows nothing of what is in them.',
  },
  {
    target: ['engine', 't5', 'onnx', 'graph', 'formats', 'runtime', 'files'].map(
      (room) => `./workers/${room}`,
    ),
    from: './workers/store',
    message: 'What sees texts knows nothing of the network; it reads stored models through workers/kept.',
  },
  {
    target: ['./workers/runtime', './workers/t5', './workers/onnx'],
    from: './workers/engine',
    message: 'The engine is built on models and the runtime, not the other way round.',
  },
  {
    target: ['./src/state', './src/storage', './src/engine', './src/files', './src/store', './src/offline'],
    from: './src/ui',
    message: 'What the page knows does not depend on how it is shown.',
  },
  {
    target: './workers',
    from: ['./scripts', './test'],
    except: ['./headers.mjs'],
    message: 'Workers ship; scripts and tests do not, except the one table of headers.',
  },
  {
    target: './workers/offline',
    from: ['engine', 't5', 'onnx', 'graph', 'formats', 'runtime', 'files', 'store', 'kept'].map(
      (room) => `./workers/${room}`,
    ),
    message: 'What keeps the site knows nothing of what the site does.',
  },
  {
    target: './scripts',
    from: './src',
    except: ['./domain', './engine', './samples'],
    message: 'Scripts use the domain, the engine and its client, and workers, not the page.',
  },
]

const runtime = {
  group: ['onnxruntime-*', 'onnxruntime-*/*'],
  message: 'Only workers/runtime imports ONNX Runtime.',
}
const comlink = {
  group: ['comlink'],
  message: 'Only src/engine, src/files, src/store and the worker entries cross threads.',
}
const storage = { group: ['idb-keyval'], message: 'Only src/storage and workers/kept keep data.' }
const outside = {
  group: ['svelte', 'svelte/*', 'node:*', 'vite', 'vitest'],
  message: 'The domain is pure: no framework, no Node.',
}

/**
 * `import()` of a package counts as an import, which the rule for declarations does not see.
 * @param {string} names
 * @param {string} message
 */
const dynamicImport = (names, message) => ({
  selector: `ImportExpression[source.value=/^(?:${names})(?:$|\\/|-)/]`,
  message,
})
const dynamicRuntime = dynamicImport('onnxruntime', runtime.message)
const newWorker = {
  selector: 'NewExpression[callee.name=/^(?:Shared)?Worker$/]',
  message: 'Workers are spawned in src/main.ts and handed on, so that tests can hand in another.',
}

/**
 * The bans of one set of files; ESLint replaces a rule's whole setting, so each set names all of its own.
 * @param {string[]} files
 * @param {readonly { group: string[], message: string }[]} patterns
 * @param {readonly { selector: string, message: string }[]} syntax
 * @returns {import('eslint').Linter.Config}
 */
const ban = (files, patterns, syntax) => ({
  files,
  rules: {
    'no-restricted-imports': ['error', { patterns }],
    'no-restricted-syntax': ['error', ...syntax],
  },
})

/** A fixed style attribute is parsed with the template, where the Content-Security-Policy refuses it. */
const staticStyle = {
  selector: 'SvelteAttribute[key.name="style"] > SvelteLiteral',
  message: 'Blocked by the Content-Security-Policy; write a class, or `style:name={value}`, which is not.',
}

const dynamicPage = dynamicImport(
  'comlink|idb-keyval',
  'Components and state import neither comlink nor idb-keyval.',
)

/** @type {import('eslint').Linter.Config[]} */
export const bans = [
  ban(['workers/**', 'scripts/**', 'test/**'], [runtime], [dynamicRuntime]),
  ban(['workers/**'], [runtime, comlink, storage], [dynamicRuntime]),
  ban(['workers/*.worker.ts'], [runtime, storage], [dynamicRuntime]),
  ban(['workers/runtime/**'], [comlink, storage], []),
  ban(['workers/kept/**'], [runtime, comlink], [dynamicRuntime]),
  ban(['src/**'], [runtime, comlink, storage], [dynamicRuntime, dynamicPage, newWorker, staticStyle]),
  ban(['src/main.ts'], [runtime, comlink, storage], [dynamicRuntime]),
  ban(['src/{engine,files,store}/**'], [runtime, storage], [dynamicRuntime, newWorker]),
  ban(['src/storage/**'], [runtime, comlink], [dynamicRuntime, newWorker]),
  ban(
    ['src/domain/**'],
    [runtime, comlink, storage, outside],
    [
      { selector: 'ImportExpression', message: 'The domain loads nothing by itself.' },
      {
        selector: 'MemberExpression[object.name="Math"][property.name="random"]',
        message: 'The domain is given its randomness.',
      },
    ],
  ),
  {
    files: ['src/domain/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['Date', 'performance', 'setTimeout', 'setInterval', 'queueMicrotask'].map((name) => ({
          name,
          message: 'The domain is given its clock.',
        })),
        ...[
          'fetch',
          'document',
          'window',
          'navigator',
          'localStorage',
          'indexedDB',
          'crypto',
          'process',
          'globalThis',
          'self',
        ].map((name) => ({ name, message: 'The domain is pure: no browser, no Node.' })),
      ],
    },
  },
]
