/** A set-up as a program of its own: the same prompt and the same scores with the reference implementation, in Python. */
import { balancedDemonstrations, randomDemonstrations } from '../demonstrations'
import type { Demonstration, Mode, Task } from '../task'

export interface CodedSetup {
  /** A folder or a hub's id that `from_pretrained` reads. */
  readonly model: string
  readonly task: Task
  readonly mode: Mode
}

/** JSON of strings, lists and numbers is Python as well. */
const python = (value: unknown): string => JSON.stringify(value)

const dictionary = (entries: readonly (readonly [string, string])[]): string =>
  `{\n${entries.map(([key, value]) => `    ${python(key)}: ${python(value)},\n`).join('')}}`

const listOf = (shown: readonly Demonstration[], { labels }: Task): string => {
  const words = new Map(labels.map(({ id, words: said }) => [id, said]))
  const rows = shown.map(
    ({ text, labelId }) => `    (${python(text)}, ${python(words.get(labelId) ?? labelId)}),\n`,
  )
  return `[\n${rows.join('')}]`
}

/** All of the pool where each text has its own k, else those k that every text is shown. */
function demonstrationsOf({ labels }: Task, mode: Extract<Mode, { readonly kind: 'k-shot' }>) {
  const { pool, k, seed, policy } = mode
  if (policy === 'similar') return pool
  return policy === 'random'
    ? randomDemonstrations(pool, k, seed)('')
    : balancedDemonstrations(pool, labels, k, seed)('')
}

const SIMILAR = `
@torch.no_grad()
def embed(text):
    ids = tokenizer(text, truncation=True, max_length=MAX_TOKENS, return_tensors="pt").input_ids
    return model.encoder(input_ids=ids).last_hidden_state.mean(dim=1)[0]

VECTORS = torch.stack([embed(shown) for shown, _ in DEMONSTRATIONS])

def demonstrations(text):
    """The K nearest, the nearest last, next to the query."""
    similarity = torch.nn.functional.cosine_similarity(embed(text)[None], VECTORS)
    nearest = similarity.argsort(descending=True, stable=True).tolist()
    others = [place for place in nearest if DEMONSTRATIONS[place][0] != text]
    return [DEMONSTRATIONS[place] for place in reversed(others[:K])]
`

const SAME = `
def demonstrations(text):
    return [shown for shown in DEMONSTRATIONS if shown[0] != text]
`

const PROMPT = `
def prompt(text):
    return TEMPLATE.replace("{options}", OPTIONS).replace("{text}", text)
`

const K_SHOT_PROMPT = `
def length(text):
    return len(tokenizer(text).input_ids)

def prompt(text):
    parts = [
        DEMONSTRATION.replace("{options}", OPTIONS).replace("{label}", label).replace("{text}", shown)
        for shown, label in demonstrations(text)
    ]
    parts.append(QUERY.replace("{options}", OPTIONS).replace("{text}", text))
    # What does not fit loses its first demonstrations.
    while len(parts) > 1 and length(SEPARATOR.join(parts)) > MAX_TOKENS:
        parts.pop(0)
    return SEPARATOR.join(parts)
`

const SCORES = `
@torch.no_grad()
def classify(text):
    """The probability of each label: softmax over the log-probabilities of the labels' words."""
    inputs = tokenizer(prompt(text), truncation=True, max_length=MAX_TOKENS, return_tensors="pt")
    scores = []
    for words in LABELS.values():
        ids = tokenizer(words, add_special_tokens=False, return_tensors="pt").input_ids
        logits = model(**inputs, labels=ids).logits
        scores.append(logits.log_softmax(-1).gather(-1, ids[..., None]).sum())
    return dict(zip(LABELS, torch.stack(scores).softmax(0).tolist()))
`

/** Whether there is such a program: for T5 that is asked about labels in words, without a sentinel in its template. */
export const hasCode = ({ task, mode }: Pick<CodedSetup, 'task' | 'mode'>): boolean =>
  mode.kind !== 'as-trained' && !`${task.template}${task.kShot.query}`.includes('<extra_id_')

/** The program. It computes in fp32; long texts are cut at a token, where the page cuts them at a word. */
export function setupCode({ model, task, mode }: CodedSetup): string {
  const isKShot = mode.kind === 'k-shot'
  const isTuned = mode.kind === 'fine-tuned'
  const settings = [
    `MODEL = ${python(model)}  # a hub's id, or a folder as transformers writes it`,
    ...(isTuned
      ? [`ADAPTER = MODEL + ${python(`/adapter-${mode.adapter}`)}  # a folder as PEFT writes it`]
      : []),
    `LABELS = ${dictionary(task.labels.map(({ id, words }) => [id, words]))}`,
    `OPTIONS = ${python(task.optionsSeparator)}.join(LABELS.values())`,
    `MAX_TOKENS = ${task.maxInputTokens}`,
    ...(isKShot
      ? [
          `K = ${mode.k}`,
          `DEMONSTRATION = ${python(task.kShot.demonstration)}`,
          `SEPARATOR = ${python(task.kShot.separator)}`,
          `QUERY = ${python(task.kShot.query)}`,
          `DEMONSTRATIONS = ${listOf(demonstrationsOf(task, mode), task)}`,
        ]
      : [`TEMPLATE = ${python(task.template)}`]),
  ]
  return `# pip install torch transformers${isTuned ? ' peft' : ''}
import torch
from transformers import PreTrainedTokenizerFast, T5ForConditionalGeneration
${isTuned ? 'from peft import PeftModel\n' : ''}
${settings.join('\n')}

# Reads tokenizer.json as it is written, which AutoTokenizer may not: T5Tokenizer has a normaliser of its own.
tokenizer = PreTrainedTokenizerFast.from_pretrained(MODEL)
model = T5ForConditionalGeneration.from_pretrained(MODEL).eval()
${isTuned ? 'model = PeftModel.from_pretrained(model, ADAPTER).eval()\n' : ''}${isKShot ? (mode.policy === 'similar' ? SIMILAR : SAME) + K_SHOT_PROMPT : PROMPT}${SCORES}
print(classify("Profit rose to a record."))
`
}
