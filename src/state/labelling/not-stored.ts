/** What is said where a label could not be stored: it is not given then. */
export const NOT_STORED =
  'The browser refused to store this label, so it was not given. Free some room or allow storage for this page, then press the key again.'
