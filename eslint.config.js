import js from '@eslint/js'
import { createNodeResolver, importX } from 'eslint-plugin-import-x'
import svelte from 'eslint-plugin-svelte'
import { defineConfig, globalIgnores } from 'eslint/config'
import globals from 'globals'
import ts from 'typescript-eslint'
import { bans, zones } from './scripts/lint-rooms.mjs'

export default defineConfig(
  globalIgnores(['dist/', 'recipes/', 'node_modules/', 'test-results/', 'public/', 'test/fixtures/']),
  {
    // A rule is either right or changed here; comments cannot switch it off.
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
  },
  {
    files: ['**/*.{js,mjs,ts,svelte}'],
    extends: [js.configs.recommended, ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    settings: {
      'import-x/resolver-next': [
        createNodeResolver({ extensions: ['.ts', '.mjs', '.js', '.svelte', '.svelte.ts', '.json'] }),
      ],
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'max-lines': ['error', 300],
      'no-console': 'off',
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // Numbers print as themselves.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Loops over typed arrays are proven by their bounds; the page has none and stays strict below.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // `return stop(reason)` is how a function without a value leaves early.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // `[...text]` is how one counts code points.
      '@typescript-eslint/no-misused-spread': 'off',
      // `NonNullable<unknown>` is meant: anything but null and undefined.
      '@typescript-eslint/no-generated-empty-object-type': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    extends: [svelte.configs.recommended],
    languageOptions: { globals: globals.browser, parserOptions: { parser: ts.parser } },
    rules: {
      'svelte/max-lines-per-block': ['error', { script: 120 }],
      // ESLint sees a component imported from another file as `any`; svelte-check knows its type and guards these.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
      // `let { value } = $props()` has to be one declaration even if only some of it changes.
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { destructuring: 'all' }],
      // A private Map that nothing renders needs no reactivity.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  {
    files: ['{src,workers}/**'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['src/{ui,state,storage,engine}/**', 'src/*'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'error' },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { globals: globals.node },
    // JSON.parse is typed by the JSDoc beside it, which these rules do not read.
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off', '@typescript-eslint/no-unsafe-return': 'off' },
  },
  {
    files: ['test/**'],
    rules: {
      'max-lines': ['error', 400],
      // Test doubles answer promises without awaiting anything.
      '@typescript-eslint/require-await': 'off',
    },
  },
  bans,
)
