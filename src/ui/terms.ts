/** One sentence for every term of the field that the page cannot do without. */
export const TERMS = {
  'zero-shot': 'The base model is asked about the text alone, without a single labelled example.',
  'k-shot':
    'The base model is shown k labelled examples, called demonstrations, before the text it is asked about.',
  'fine-tuned': 'A small adapter, trained on labelled text, is switched on over the base model.',
  adapter:
    'Two small matrices (LoRA) beside each of some weights of the base model, trained on labelled text; the base model stays as it is.',
  demonstrations:
    'Labelled examples that stand in the prompt before the text; the model’s weights do not change.',
  'label words':
    'What stands for a label in the model’s answer: the label whose words are the most probable wins.',
  seed: 'The number that a random choice starts from: the same seed picks the same demonstrations again.',
  'Cohen’s κ':
    'How far two annotators agree beyond what chance would give: 1 is full agreement, 0 is chance.',
  'Krippendorff’s α': 'The same for any number of annotators, who need not have labelled every item.',
  'quick head':
    'A small classifier on top of the model’s states, trained in this page in well under a second; it does not change the model.',
  blind: 'Nothing is suggested while one labels: the labels are one’s own.',
  suggestions:
    'The model’s probabilities stand beside the labels, and one key takes its answer; people then agree with it more often than they would.',
  accuracy:
    'The share of texts that got their gold label; below it, where it would lie with 95 % confidence (Wilson).',
  'macro-F1':
    'The mean over the labels of F1, which weighs rare labels like frequent ones; below it, a 95 % interval from 1,000 resamples of the texts, seed 1.',
  'weighted F1': 'The mean over the labels of F1, each weighted by its texts.',
  F1: 'Twice the hits, over how often a label is gold and how often it was answered: low where either precision or recall is.',
  precision: 'Of the texts that got this label, the share whose gold label it is.',
  recall: 'Of the texts whose gold label it is, the share that got it.',
  MCC: 'Matthews’ correlation of answers and gold labels: 1 is always right, 0 is what guessing gives, however skewed the labels are.',
  'gold label': 'What a text is held to be, by a person or by the file.',
  'paired bootstrap':
    'The difference over 1,000 resamples of the texts, each with both answers: it holds 95 % of them (seed 1).',
  'McNemar’s test':
    'Looks only at texts that one got right and the other did not: how often would so uneven a split come about by chance?',
  margin: 'How far the winning label’s probability is ahead of the second.',
  probability:
    'The share each label gets when the scores of its words are compared with each other; all shares sum to 1.',
  'log-score':
    'The natural logarithm of the probability of the label’s words given the prompt, up to a constant shared by all labels.',
  'not sure': 'No label reaches the probability set here; the row keeps its best guess and is hatched.',
  int8: 'Weights stored as whole numbers from −127 to 127 with a scale, a quarter of the size of 32-bit numbers.',
  'int8-weights':
    'Weights stored as whole numbers from −127 to 127 with a scale, multiplied by 32-bit numbers: nearer to the original than int8.',
  'int4-weights':
    'Weights stored as whole numbers of 4 bits with a scale for every 32 of them, half the size of int8 and less exact.',
  'fp16-weights': 'Weights stored as 16-bit numbers, multiplied by 32-bit numbers: half the size of fp32.',
  fp32: 'Weights stored as 32-bit numbers, the form the model was trained in.',
  threads:
    'Parts of the computation that run side by side, one per processor core; one where the page is not isolated.',
  WASM: 'WebAssembly: the model runs on the processor, inside this page.',
  WebGPU: 'The model runs on the graphics device, inside this page.',
  backend:
    'What the model runs on. Auto answers on the processor first, times both once, and keeps the faster.',
  'backend check':
    'The greatest difference of a probability from the processor’s own, with the same weights, over texts that come with the model.',
  tokens: 'The pieces of words that the model reads; it knows a fixed list of them.',
  isolated: 'The page came with the headers that allow it shared memory, which threads need.',
  'decoder prefix': 'The tokens after which the model is asked how probable each label’s words are.',
} as const satisfies Record<string, string>

export type TermName = keyof typeof TERMS
