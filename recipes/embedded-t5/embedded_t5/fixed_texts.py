"""Texts that stay the same in every model folder, so that folders can be compared."""

PROBES = (
    "Shares of the chipmaker jumped 9% after it raised its full-year forecast.",
    "The airline warned that fuel costs would wipe out its profit this year.",
    "The annual meeting will be held in Helsinki on 14 April.",
    "$TICK looks ready to break out, adding here",
    "cutting my losses on this one, chart is broken",
    "Net sales totalled EUR 12.4 million, compared with EUR 12.6 million a year before.",
    "Regulator approves the merger without conditions",
    "Regulator blocks the merger over competition concerns",
    "Revenue missed but margins improved",
    "Profit doubled, yet the outlook was cut",
    "FDA rejects the drug, stock halted",
    "Company names new chief financial officer",
    "Oil steady as traders wait for inventory data",
    "Gold slips to a three-week low",
    "Bank lifts dividend by a fifth and starts a buyback",
    "Auditor resigns; accounts delayed again",
    "to the moon 🚀🚀🚀",
    "this is not good at all",
    "this is not bad at all",
    "a dull film saved by one great performance",
    "ok",
    "Q3 EPS $1.02 vs $0.95 expected; rev $3.1B vs $3.3B expected",
    "Strike ends after union accepts the offer",
    "Rating cut to underweight, target lowered to $14",
)

GOLDEN = (
    "Shares of the retailer fell 8% after it cut its full-year profit outlook.",
    "$ABCD breaking out on heavy volume, loading up before earnings",
    "The board will meet on Thursday to approve the annual report.",
    "Quarterly revenue rose to EUR 42.1 million from EUR 37.5 million a year earlier.",
    "Not a bad quarter, but guidance was disappointing https://example.com/a?b=1",
    "UPGRADE: target raised to $55 from $48 🚀🚀",
    "",
    "   spaces\tand\nnew lines   everywhere  ",
    "公司发布了年度报告",
    "ＦＵＬＬ－ＷＩＤＴＨ ① ½ text",
    "naïve café résumé — “quoted” … ‘single’",
    '<b>not html</b> & {json: "value"} <extra_id_0> </s>',
    "a",
    "the plot is thin , but the performances are a joy",
    "I would not recommend this product to anyone",
    "oil prices slide as supply fears ease",
    "Company A to acquire Company B for $1.2 billion in cash and stock",
    "Bankruptcy filing looms as talks with creditors collapse",
    "Dividend unchanged at 0.35 per share",
)

# Texts that try the tokenizer alone.
UNUSUAL = (
    "Ünïcödé ﬁnance ﬂow",
    "RT @someone: $XYZ to the moon!!! #stocks",
    "1,234.56% up/down +3 -4",
    "İstanbul ǅ ß",
    "tab\u00a0nbsp\u200bzero\ufeffbom",
)
