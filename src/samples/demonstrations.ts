/**
 * The built-in pool of k-shot demonstrations: market tweets and headlines written for this project about companies
 * that do not exist, the same number per class. None comes from a dataset and none repeats a sample line.
 */
import type { Demonstration } from '../domain/task'

const NEGATIVE: readonly string[] = [
  '$NDLRQ cuts full-year guidance for the third time since March',
  'Harwick Steel swings to a quarterly loss as prices slump',
  'Shares of Pellmont Health tumble 18% after its trial fails to meet the main goal',
  'Getting out of $TRVOX. Sales are shrinking and management keeps blaming the weather.',
  'Orrin Logistics files for bankruptcy protection, putting 2,300 jobs at risk',
  'Regulator fines Castellan Bank $85 million over money-laundering failings',
  '$BRKWQ breaks below its 200-day average, next stop looks a lot lower 📉',
  'Fenwick Motors recalls 140,000 vans over a brake defect',
  'Sabine Retail same-store sales fall 6.4%, worse than analysts feared',
  'Moravia Chip warns that weak smartphone demand will hurt second-half margins',
  'Downgrade: Lister & Howe cuts $OAKPX to underperform, price target 9 from 16',
  'Ellery Media loses 400,000 subscribers in the quarter as rivals undercut its prices',
  'Dunmore Energy suspends its dividend to preserve cash',
  'Chief executive of Tarn Robotics resigns amid an accounting probe',
  '$VLTHQ short report looks brutal: customer numbers invented and debt hidden',
  'Rating agency lowers Corvane Airlines to junk, citing heavy debt and rising fuel costs',
  'Quayside Homes says cancellations doubled as mortgage rates climbed',
  'Factory fire halts output at Brenner Glass; deliveries will be late for months',
  'Zephyrine Solar loses its largest customer, and the stock sinks to a two-year low',
  "$KMPRX missed on revenue, missed on earnings, and the outlook isn't any better",
  'Patent ruling goes against Ivora Pharma, opening its best-selling drug to generics',
  'Layoffs again at $GLNTQ, second round this year. Not a good sign.',
  'Operating profit at Sundal Paper fell to EUR 4.1 mn from EUR 11.6 mn a year earlier',
  'Investors dump Aldgate Property as vacancies rise',
]

const NEUTRAL: readonly string[] = [
  'Marlow Instruments will publish its third-quarter report on 24 October at 8:00',
  '$NDLRQ earnings call starts at 4:30 pm, link on the investor page',
  'Tolland Group appoints Mei Castellanos to its board of directors',
  'Stavely Water is based in Leeds and employs about 1,100 people',
  'Pellmont Health to present at the Northgate healthcare conference next week',
  'What is everyone watching this week? I have $OAKPX and $TRVOX on the list',
  'Rathbourne Shipping changes its ticker symbol from RBNQ to RSHPQ',
  'The value of the deal between Corvane Airlines and Lyle Catering was not disclosed',
  'Greyfriars Capital holds 5.2% of the voting rights in Sundal Paper',
  'Central bank leaves its key rate unchanged, as economists had expected',
  'Harwick Steel board proposes an unchanged dividend of 0.40 a share',
  'Brenner Glass completes the move of its head office to Rotterdam',
  '$GLNTQ closed flat today, volume in line with the monthly average',
  'Dunmore Energy shareholders vote on the new articles of association on Friday',
  'Ellery Media renames its streaming service Ellery One',
  'Moravia Chip and Tarn Robotics extend their existing supply agreement on the same terms',
  'How to read a cash flow statement: a short guide for new investors',
  'Quayside Homes: notice of change in the number of shares',
  'Futures little changed ahead of the jobs report',
  "Fenwick Motors reiterates its outlook for the year at Thursday's capital markets day",
  'Aldgate Property will redeem its 2031 notes on the scheduled date',
  'Sabine Retail opens a store in Ghent, its fourth in Belgium',
  'Analyst at Lister & Howe keeps a hold rating on Castellan Bank, target unchanged at 31',
  '$VLTHQ options expire Friday',
]

const POSITIVE: readonly string[] = [
  '$OAKPX beats on earnings and revenue and raises guidance for the year',
  'Tarn Robotics profit doubles on strong demand for warehouse machines',
  'Ivora Pharma jumps 22% after its asthma drug wins approval',
  'Loading up on $GLNTQ here, the chart looks fantastic and buyers keep coming 🔥',
  'Marlow Instruments lifts its dividend by 15% and announces a $200 million buyback',
  'Corvane Airlines reports a record number of passengers in July',
  'Upgrade: Harrow & Pike lifts $BRKWQ to buy and sees 40% upside',
  'Stavely Water wins a ten-year contract to run the network in Leeds',
  'Zephyrine Solar returns to profit a year ahead of plan',
  'Sundal Paper says order intake rose 31%, its best quarter in a decade',
  'Castellan Bank passes the stress test with the strongest capital ratio among its peers',
  '$KMPRX soaring after hours, blowout quarter, congrats to the longs',
  'Rathbourne Shipping sees freight rates recovering and expects higher margins',
  'Orrin Logistics emerges from restructuring free of debt',
  "Analysts cheer Ellery Media's subscriber growth, and shares hit an all-time high",
  'Net sales at Brenner Glass grew to EUR 88.3 mn from EUR 71.9 mn a year earlier',
  'Takeover bid values Quayside Homes at a 35% premium to its last close',
  'Dunmore Energy finds more gas than expected off the coast of Ghana',
  "$TRVOX not slowing down at all: ninth straight quarter of growth, and it's accelerating",
  'Court dismisses the lawsuit against Pellmont Health, lifting a cloud over the shares',
  'Greyfriars Capital doubles its stake in Moravia Chip, calling it deeply undervalued',
  'Fenwick Motors cuts production costs by a fifth thanks to its new battery plant',
  'Aldgate Property signs a large tenant; its flagship tower is now fully let',
  '$NDLRQ bouncing hard off support 📈',
]

const labelled = (labelId: string, texts: readonly string[]): readonly Demonstration[] =>
  texts.map((text) => ({ text, labelId }))

/** 72 labelled lines, 24 for each of `negative`, `neutral` and `positive`, grouped by class. */
export const DEMONSTRATIONS: readonly Demonstration[] = [
  ...labelled('negative', NEGATIVE),
  ...labelled('neutral', NEUTRAL),
  ...labelled('positive', POSITIVE),
]
