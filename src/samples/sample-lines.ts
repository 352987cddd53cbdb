/**
 * Lines the page starts with, written for this project about companies that do not exist: clear ones, dull ones,
 * and a few that are hard on purpose (mixed news, a negation, irony, a line too vague to judge).
 */
export const SAMPLE_LINES: readonly string[] = [
  '$QRVL breaking out on heavy volume after the upgrade, adding here 🚀',
  'Norrby Tools raises full-year profit forecast as orders hit a record',
  '$HLDNX down 12% premarket after that profit warning, ouch',
  'Caldera Foods to cut 900 jobs and close two plants as demand weakens',
  'Brightwater Bank will hold its annual general meeting in Bergen on 14 May',
  'Ostrand Cable names Ingrid Falk chief financial officer, effective June 1',
  'Velmora revenue missed estimates, but margins improved and the dividend was raised',
  'Kestrel Regional says it does not expect to miss its delivery target this year',
  'Tessaly Motors cut to sell at Harrow & Pike on rising inventories and falling prices',
  'Lumenfield wins €240m contract to supply grid batteries in Portugal',
  'Great, another "one-time" charge at $PLMQX. Fifth one in two years.',
  'Interesting day for $VRDQ',
]
