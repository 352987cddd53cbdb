/** Whether a prediction is to be called "not sure": no label reaches the threshold (a probability, 0 to 1). */
export function isUncertain(probabilities: readonly number[], threshold: number): boolean {
  return probabilities.every((probability) => probability < threshold)
}
