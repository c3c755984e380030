import Gazette
import Kernel
import Registry

/// Puts a tube of known content among the others of a round, with a label like theirs, so that a laboratory
/// that finds something else in it is not believed. It goes its way sealed and packed like any other, and
/// nobody who tests it is told.
package struct AddControl: Command {
  package static let name = "screening.addControl"
  package static let duty: Duty = DecideBatch.duty
  package let round: RoundID
  package let tube: TubeCode
  package let kind: ControlKind
  /// The point from which it goes its way; nil for any.
  package let point: PointID?

  package init(round: RoundID, tube: TubeCode, kind: ControlKind, point: PointID? = nil) {
    self.round = round
    self.tube = tube
    self.kind = kind
    self.point = point
  }

  package func area(in work: Work) throws -> Area {
    .path(try ScreeningRoundStore(work.transaction).get(round).path)
  }

  package func perform(in work: Work) throws -> Done {
    try TubesRules.check(tube)
    let rounds = ScreeningRoundStore(work.transaction)
    let round = try rounds.get(round)
    guard round.closedAt == nil else {
      throw Refusal(
        .conflict, "round.closed",
        Words("本轮检测已结束，请核对轮次", "This round is over; look which one is meant"), field: "round")
    }
    if let point, try rounds.point(point) == nil {
      throw Refusal.notFound(Words("采样点", "point"), point.text, field: "point")
    }
    let store = TubesStore(work.transaction)
    guard try store.find(tube) == nil else {
      throw Refusal.tube(
        "tube.known", "该管码已使用，质控管须用新的管码", "This code is used already; a control takes a new one")
    }
    var control = Tube(code: tube, round: round.id, capacity: round.pool)
    control.point = point
    control.openedAt = work.now
    control.openedClaim = work.command.text
    control.sealedAt = work.now
    control.control = kind
    try store.insert(control)
    try work.record(ControlAdded(tube: tube, round: round.id))
    return Done()
  }
}

/// A tube of known content was put among the others.
package struct ControlAdded: Fact {
  package static let name = "screening.controlAdded"
  package static let words = Words("已放入质控管", "Control tube added")
  package static let about = Matter.tube
  package let tube: TubeCode
  package let round: RoundID
  package var subject: String { tube.text }
}

/// The tubes of known content of a round, and what laboratories said of them. Shows nobody's data.
package struct ListControls: Query {
  /// One tube.
  package struct Line: Codable, Sendable {
    package let tube: TubeCode
    package let kind: ControlKind
    package let laboratory: LaboratoryID?
    package let result: TubeResult?
    /// Whether all that was said of it so far was wrong, and put aside.
    package let isWrong: Bool

    private enum CodingKeys: String, CodingKey {
      case tube
      case kind
      case laboratory
      case result
      case isWrong = "is_wrong"
    }
  }

  package static let name = "screening.controls"
  package static let duty: Duty = DecideBatch.duty
  package static let purposes: [Purpose] = []
  package static let most = 500
  package let round: RoundID

  package init(round: RoundID) { self.round = round }

  package func area(in reading: Reading) throws -> Area {
    .path(try ScreeningRoundStore(reading.transaction).get(round).path)
  }

  package func answer(in reading: Reading) throws -> [Line] {
    let quarantined = try ResultsStore(reading.transaction).quarantined(limit: Self.most)
      .filter { $0.reasons.contains(ResultFault.control.rawValue) }
    let wrong = try quarantined.flatMap { batch in
      let rows: [ResultRow] = try Fields.json(Array(batch.body.utf8)).decoded()
      return rows
    }
    return try TubesStore(reading.transaction).controls(of: round, limit: Self.most).map { tube in
      Line(
        tube: tube.code, kind: tube.control ?? .positive, laboratory: tube.laboratory,
        result: tube.result,
        isWrong: tube.result == nil
          && wrong.contains {
            $0.tube == tube.code && tube.control?.agrees(with: $0.result) == false
          })
    }
  }
}

extension TubesStore {
  /// The tubes of known content of a round, by code.
  func controls(of round: RoundID, limit: Int) throws -> [Tube] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM tube
      WHERE round = \(round) AND control IS NOT NULL
      ORDER BY code
      LIMIT \(limit)
      """
    ).map { Self.tube($0) }
  }
}
