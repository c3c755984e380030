import Kernel

extension SettleConflict.Answer: ToldAnswer {
  /// What the decision did, in numbers: a tired person sees what they pressed.
  package var told: Words? {
    let parts = [
      (struck, Words("划去 \(struck) 份", "struck out: \(struck)")),
      (voided, Words("作废 \(voided) 管", "void tubes: \(voided)")),
      (again, Words("\(again) 人须重采", "to be swabbed again: \(again)")),
    ].filter { $0.0 > 0 }.map(\.1)
    if parts.isEmpty { return nil }
    return Words(
      "已办成：" + parts.map(\.chinese).joined(separator: "，"),
      "Done: " + parts.map(\.english).joined(separator: ", "))
  }
}
