/** Whether two set-ups differ on the same texts, and how many texts it takes to tell. */
import { betaCdf } from '../statistics/beta'
import { Z_95 } from '../statistics/interval'
import { chiSquareTail, Z_80 } from '../statistics/normal'

/** Texts that only one of two set-ups got right; the others say nothing of a difference. */
export interface Discordant {
  readonly n: number
  readonly onlyFirst: number
  readonly onlySecond: number
  readonly both: number
}

export interface McNemar {
  /** Two-sided, from the binomial distribution. */
  readonly exactP: number
  /** χ² with continuity correction, which needs some 25 texts on which one is right and the other is not. */
  readonly chiSquare: number
  readonly chiSquareP: number
}

/** Counts texts; the lists hold what was right, in one order. */
export function countDiscordant(first: readonly boolean[], second: readonly boolean[]): Discordant {
  let [onlyFirst, onlySecond, both] = [0, 0, 0]
  first.forEach((isRight, row) => {
    if (isRight && second[row] === true) both += 1
    else if (isRight) onlyFirst += 1
    else if (second[row] === true) onlySecond += 1
  })
  return { n: first.length, onlyFirst, onlySecond, both }
}

/** Source: Q. McNemar (1947), Psychometrika 12, 153–157; the correction is that of A. L. Edwards (1948). */
export function mcNemar({ onlyFirst, onlySecond }: Discordant): McNemar {
  const differing = onlyFirst + onlySecond
  if (differing === 0) return { exactP: 1, chiSquare: 0, chiSquareP: 1 }
  const fewer = Math.min(onlyFirst, onlySecond)
  // Successes up to k among n tries of ½ are the share of Beta(n − k, k + 1) below ½.
  const exactP = Math.min(1, 2 * betaCdf(0.5, differing - fewer, fewer + 1))
  const chiSquare = Math.max(0, Math.abs(onlyFirst - onlySecond) - 1) ** 2 / differing
  return { exactP, chiSquare, chiSquareP: chiSquareTail(chiSquare) }
}

/**
 * Texts that McNemar's test needs to show a difference of this size with probability .8 at the 5 % level, if the shares
 * seen are the true ones; undefined where there is no difference.
 * Source: R. J. Connor (1987), Biometrics 43, 207–211, after O. S. Miettinen (1968).
 */
export function neededTexts({ n, onlyFirst, onlySecond }: Discordant): number | undefined {
  if (onlyFirst === onlySecond) return undefined
  const differing = (onlyFirst + onlySecond) / n
  const difference = (onlySecond - onlyFirst) / n
  const spread = Z_95 * Math.sqrt(differing) + Z_80 * Math.sqrt(Math.max(0, differing - difference ** 2))
  return Math.ceil((spread / difference) ** 2)
}
