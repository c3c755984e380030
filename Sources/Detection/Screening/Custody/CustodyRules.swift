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
