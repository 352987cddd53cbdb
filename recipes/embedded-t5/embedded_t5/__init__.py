"""The training recipe of Smallcap's embedded T5 models: from texts to a model folder that `npm run convert` reads."""
