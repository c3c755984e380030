import Kernel

extension DecideBatch.Answer: ToldAnswer {
  /// One word alone lets nothing through and discards nothing.
  package var told: Words? {
    state == ResultBatch.State.quarantined.rawValue
      ? Words(
        "已记下您的意见；另一单位的人同意后才生效",
        "Your word is noted; it holds once another organisation says the same")
      : nil
  }
}
