export {
  correlationWords,
  percentInterval,
  pointsInterval,
  pointsWords,
  shareInterval,
} from '../../domain/evaluation/figure-words'
