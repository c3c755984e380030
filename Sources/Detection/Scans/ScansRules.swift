import Kernel

/// What makes a scan sound.
enum ScansRules {
  /// The whole seconds of a scan on the clock of the district.
  static func seconds(
    _ from: Instant, _ to: Instant, clock: ScanTime
  ) throws(Refusal) -> (UInt32, UInt32) {
    guard let first = clock.second(of: from) else { throw outOfRange("from") }
    guard let last = clock.second(of: to) else { throw outOfRange("to") }
    return (first, last)
  }

  /// Checks that a scan does not run backwards, is not too long, and that its days are still kept.
  static func require(
    _ span: ScanSpan, policy: ScansPolicy, gone: Set<Int>
  ) throws(Refusal) {
    guard span.from <= span.to else { throw .reversedScan }
    guard Int(span.to - span.from) <= policy.longestHours * 3_600 else {
      throw Refusal(
        .invalid, "scan.tooLong",
        Words(
          "停留超过 \(policy.longestHours) 小时，请核对离开时间",
          "It lasts more than \(policy.longestHours) hours; check when the person left"),
        field: "to")
    }
    if let day = span.days.first(where: gone.contains) {
      let text = Day(number: day).text
      throw Refusal(
        .conflict, "scan.dayGone",
        Words(
          "\(text) 的到访记录已按期限删除，不能再写入",
          "The visits of \(text) were deleted when their time had come; none can be added"),
        field: "from")
    }
  }

  private static func outOfRange(_ field: String) -> Refusal {
    Refusal(
      .invalid, "scan.outOfRange",
      Words("时间须在 1970 至 2105 年之间，请核对", "The time must lie between 1970 and 2105; check it"),
      field: field)
  }
}

extension Refusal {
  fileprivate static let reversedScan = Refusal(
    .invalid, "visit.reversed",
    Words(
      "离开时间早于到达时间，请核对“from”和“to”", "The visit ends before it begins; check “from” and “to”"),
    field: "to")
}
