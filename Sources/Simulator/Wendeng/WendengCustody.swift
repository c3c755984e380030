import Detection
import Gazette
import Kernel
import Registry

extension WendengDay {
  private static let perBox = 500
  private static let perList = 1_000
  /// Of so many tubes the test of one says nothing; of few tubes of a few.
  private var invalidEvery: Int { min(3_000, max(20, size.tubes / 4)) }
  /// How long boxes are on their way to a vehicle, to a laboratory, and how long a tube is tested.
  private static let leg = Duration.seconds(20 * 60)
  private static let assay = Duration.seconds(150 * 60)

  /// Boxes from every point to a laboratory, each hand-over confirmed by both sides.
  func carry(_ tubes: [Filled], _ wave: String) async throws {
    if tubes.isEmpty { return }
    try await step("tubes carried, \(wave)") {
      let packed = try await pack(tubes)
      time.move(to: time.now + Self.leg)
      for (number, box) in packed.enumerated() {
        let courier = "courier-\(number % size.couriers)"
        try await script.perform(TakeBox(box: box.id, count: box.count), as: courier)
        try await script.perform(
          GiveBox(
            box: box.id,
            to: Holder(kind: .laboratory, id: Self.laboratory(laboratory(of: box.point))),
            count: box.count), as: courier)
      }
      time.move(to: time.now + Self.leg)
      for box in packed {
        let taken = try await script.perform(
          TakeBox(box: box.id, count: box.count),
          as: Self.laboratory(laboratory(of: box.point)))
        require(taken.difference == 0, "a box of \(box.count) arrives with others")
      }
      for tube in tubes { arrived[tube.code] = time.now }
      return packed.reduce(0) { $0 + $1.count }
    }
  }

  private func pack(
    _ tubes: [Filled]
  ) async throws -> [(id: BoxID, count: Int, point: PointID)] {
    var packed: [(id: BoxID, count: Int, point: PointID)] = []
    let byPoint = Dictionary(grouping: tubes, by: \.point).sorted { $0.key < $1.key }
    for (point, all) in byPoint {
      for part in all.chunks(of: Self.perBox) {
        boxes += 1
        let box = BoxID(trusted: "box-\(boxes)")
        let account = part.first?.account ?? ""
        try await script.perform(
          PackBox(box: box, round: round, tubes: part.map(\.code), point: point), as: account)
        try await script.perform(
          GiveBox(box: box, to: Holder(kind: .vehicle, id: "V-\(boxes)"), count: part.count),
          as: account)
        packed.append((box, part.count, point))
      }
    }
    return packed
  }

  /// Each point's boxes go to one laboratory.
  private func laboratory(of point: PointID) -> Int {
    let number = point.text.split(separator: "-").last.flatMap { Int($0) } ?? 0
    return number % size.laboratories
  }

  /// What the laboratories say of tubes that they have received: so many, spread over all, are not
  /// negative, and of a few nothing can be said.
  ///
  /// - Returns: the tubes that are not negative, with what was said of them.
  func results(
    of tubes: [Filled], positives: Int
  ) async throws -> [(filled: Filled, result: TubeResult)] {
    if tubes.isEmpty { return [] }
    let received = tubes.compactMap { arrived[$0.code] }.max() ?? time.now
    var found: [(filled: Filled, result: TubeResult)] = []
    var said: [TubeCode: TubeResult] = [:]
    let shared = tubes.filter { $0.members.count > 1 }
    for number in 0..<min(positives, shared.count) {
      let tube = shared[number * shared.count / positives]
      let result: TubeResult =
        switch number % 10 {
        case 3: .grey
        case 6: .singleTarget
        default: .positive
        }
      found.append((tube, result))
      said[tube.code] = result
    }
    for (place, tube) in tubes.enumerated()
    where positives > 0 && place % invalidEvery == 6 && said[tube.code] == nil {
      said[tube.code] = .invalid
      report.invalidTubes += 1
    }
    time.move(to: received + Self.assay)
    try await deliver(tubes) { said[$0.code] ?? .negative }
    return found
  }

  /// Signed lists of each laboratory; each has to be applied as it is.
  func deliver(
    _ tubes: [Filled], _ result: (Filled) -> TubeResult
  ) async throws {
    try await step("results") {
      let byLaboratory = Dictionary(grouping: tubes) { laboratory(of: $0.point) }
      for (number, all) in byLaboratory.sorted(by: { $0.key < $1.key }) {
        for part in all.chunks(of: Self.perList) {
          let next = (sequence[number] ?? 0) + 1
          sequence[number] = next
          let list = ResultList(
            laboratory: Self.laboratoryID(number), sequence: next,
            rows: part.map {
              ResultRow(tube: $0.code, result: result($0), reportedAt: time.now)
            })
          let signature = try laboratories[number].sign(list.signedBytes(in: Self.zone))
          let answer = try await script.perform(
            DeliverResults(list, signature: Hex.text(signature)), as: Self.laboratory(number))
          require(
            answer.state == "applied",
            "a sound list is \(answer.state): \(answer.reasons.joined(separator: ", "))")
        }
      }
      try await script.pump.turn()
      return tubes.count
    }
  }
}
