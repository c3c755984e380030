import Gazette
import Kernel

/// Judgement about the way of boxes (I-24, I-25).
package enum CustodyRules {
  /// Checks that a step does not lie in the future.
  static func requirePast(_ at: Instant, by latest: Instant) throws(Refusal) {
    guard at <= latest else {
      throw Refusal(
        .invalid, "box.inFuture",
        Words("时间晚于现在，请核对时间", "The time lies in the future; correct it"), field: "at")
    }
  }

  /// Checks that a box can be given on.
  static func requireGiving(
    _ box: TubeBox, after legs: [BoxLeg], at: Instant, count: Int
  ) throws(Refusal) {
    if let last = legs.last {
      guard let takenAt = last.takenAt else {
        throw Refusal(
          .conflict, "box.notTaken",
          Words(
            "上一程交接尚未由接收方确认；请接收方先确认，再交出",
            "The hand-over before is not confirmed by the other side yet; let it confirm first"),
          field: "box")
      }
      guard last.to.kind != .laboratory else {
        throw Refusal(
          .conflict, "box.arrived",
          Words(
            "样本箱已由检测机构接收，不再转交；送错的请该机构联系区指挥部",
            "A laboratory has received this box and it goes no further; when it is the wrong one, that laboratory tells the district"
          ), field: "box")
      }
      guard at >= takenAt else { throw backwards }
      guard count == last.takenTubes else { throw self.count(last.takenTubes ?? 0) }
      return
    }
    guard at >= box.packedAt else { throw backwards }
    guard count == box.tubes else { throw self.count(box.tubes) }
  }

  /// Checks that somebody takes what was given: another person, no earlier.
  static func requireTaking(
    _ legs: [BoxLeg], at: Instant, by sender: String
  ) throws(Refusal) -> BoxLeg {
    guard let leg = legs.last, leg.takenAt == nil else {
      throw Refusal(
        .conflict, "box.notGiven",
        Words("交出方尚未确认交出，请先由对方登记", "Nobody has given this box on; the other side says so first"),
        field: "box")
    }
    guard leg.givenBy != sender else {
      throw Refusal(
        .forbidden, "box.samePerson",
        Words("交接须双方各自确认，交出人不能代收", "Each side confirms for itself: who gave the box cannot take it")
      )
    }
    guard at >= leg.givenAt else { throw backwards }
    return leg
  }

  /// Checks that what was counted goes together with what is named.
  static func requireCount(
    _ count: Int, of inside: Set<TubeCode>, missing: Set<TubeCode>, scanned: [TubeCode]?
  ) throws(Refusal) {
    let most = inside.count - missing.count
    guard missing.isEmpty || count <= most else {
      throw Refusal(
        .conflict, "box.count",
        Words(
          "箱内 \(inside.count) 管，其中 \(missing.count) 管记为缺失，实收不会多于 \(most) 管；请重新清点",
          "Of \(inside.count) tubes in the box \(missing.count) are named missing: no more than \(most) can have come; count again"
        ), field: "count")
    }
    guard let scanned else { return }
    guard missing.isDisjoint(with: scanned) else {
      throw Refusal(
        .invalid, "box.both",
        Words(
          "同一管既记为收到又记为缺失，请更正", "A tube is named as received and as missing; put it right"),
        field: "tubes")
    }
    let known = Set(scanned).count
    guard count == known || (known == inside.count && count > known) else {
      throw Refusal(
        .conflict, "box.count",
        Words(
          "扫码 \(known) 管，清点 \(count) 管，两者应一致；请重新清点",
          "\(known) tubes are scanned and \(count) counted; the two are the same: count again"),
        field: "count")
    }
  }

  /// Which tubes of a box a laboratory received: those scanned, or all but those named missing.
  ///
  /// - Throws: where some came and nobody says which.
  static func received(
    _ count: Int, of inside: Set<TubeCode>, missing: Set<TubeCode>, scanned: [TubeCode]?
  ) throws(Refusal) -> Set<TubeCode> {
    if let scanned { return inside.intersection(scanned) }
    let left = inside.subtracting(missing)
    if count == 0 { return [] }
    guard count >= left.count else {
      throw Refusal(
        .conflict, "box.which",
        Words(
          "箱内应有 \(left.count) 管，实收 \(count) 管；请指明缺了哪些管，或扫描收到的试管",
          "There should be \(left.count) tubes in the box and \(count) came: name those that are missing, or scan those that came"
        ), field: "missing")
    }
    return left
  }

  private static let backwards = Refusal(
    .invalid, "box.backwards",
    Words("时间早于上一步，请核对", "The time lies before the step before; correct it"), field: "at")

  private static func count(_ expected: Int) -> Refusal {
    Refusal(
      .conflict, "box.count",
      Words(
        "箱内应有 \(expected) 管，请重新清点", "There should be \(expected) tubes in the box; count again"),
      field: "count")
  }
}
