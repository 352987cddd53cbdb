/** A value, or an expected failure that a person can act on. Bugs throw instead. */
export type Outcome<T, E> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E }

export const success = <T>(value: T): Outcome<T, never> => ({ ok: true, value })

export const failure = <E>(error: E): Outcome<never, E> => ({ ok: false, error })
