/** Every limit on what a file may ask of us; files come from anywhere. */

/** The page keeps all rows; beyond half a gigabyte a tab has no room for them. */
export const MAX_FILE_BYTES = 512 * 2 ** 20

/** Ten times the rows that the page is made for; more would take days to classify. */
export const MAX_ROWS = 1_000_000

/** Wide tables have hundreds of columns; a header of more is a row of data or an attack on memory. */
export const MAX_COLUMNS = 1_000

/** A thousand times the text that a model reads. A longer line or record is a quote or bracket that never closes. */
export const MAX_RECORD_CHARACTERS = 2 ** 20

/** Records nest a few levels; a recursive reader or writer must not be driven deeper. */
export const MAX_DEPTH = 64

/** An object of columns is parsed whole, which takes several times its length of memory. */
export const MAX_OBJECT_CHARACTERS = 64 * 2 ** 20

/** Read at once: large enough for speed, small enough to hear `cancel` many times a second. */
export const PIECE_BYTES = 2 ** 20

/** A preview looks at so much: all of most files, and well under a second of any. */
export const PREVIEW_BYTES = 8 * 2 ** 20

/** The same for parquet, whose rows are read by groups. */
export const PREVIEW_ROWS = 50_000

/** Rows that guesses about columns are made from. */
export const SAMPLE_ROWS = 500

/** Samples shown for a column, and characters of each. */
export const SHOWN_SAMPLES = 5
export const SHOWN_CHARACTERS = 200

/** Names of a label column that are worth listing; a column with more holds no labels. */
export const MAX_LABEL_NAMES = 50

/** Rows in one message: more would make the page's task of receiving them noticeable. */
export const ROWS_PER_PAGE = 1_000

/** A page of long rows ends sooner, so that no message holds more than a few megabytes. */
export const CHARACTERS_PER_PAGE = 2 ** 22

/** All that is handed to the page: parquet says one long text a million times in a few bytes. */
export const MAX_CHARACTERS = 2 ** 29

/** Problems reported one by one; the others are only counted. */
export const MAX_EXAMPLES = 20

/** A parquet footer describes columns and row groups in a few hundred bytes each. */
export const MAX_FOOTER_BYTES = 16 * 2 ** 20

/** Writers make pages of about 1 MB and column chunks up to the row group's 128 MB; both are decoded whole. */
export const MAX_PAGE_BYTES = 64 * 2 ** 20
export const MAX_CHUNK_BYTES = 256 * 2 ** 20

/** Values of one column in one row group, items of lists included; a run of a few bytes can claim billions. */
export const MAX_CHUNK_VALUES = 16 * 2 ** 20

/** Nested columns have several schema elements each. */
export const MAX_SCHEMA_ELEMENTS = 4 * MAX_COLUMNS
