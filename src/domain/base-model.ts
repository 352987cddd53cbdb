/** What a model is called at the end of `owner/name`, a path or an address; `.git`, slashes and case do not count. */
const lastPart = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[/\\]+$/, '')
    .split(/[/\\]/)
    .at(-1) ?? ''

/**
 * Whether an adapter's `base_model_name_or_path`, a name of a hub or a path of the machine that it was trained on, means the
 * model that is called `name` here. Owners are left aside, for copies have others.
 */
export const isBaseModel = (named: string, name: string): boolean => lastPart(named) === lastPart(name)
