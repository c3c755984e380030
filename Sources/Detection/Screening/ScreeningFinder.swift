import Gazette
import Kernel
import Registry

/// Finds a tube and a box by the code that is printed on them. Nobody's name stands there.
enum ScreeningFinder {
  static let all = [tubes, boxes]

  private static let tubes = Finder(
    "tubes", Words("试管", "Tubes"), duty: ListRounds.duty, order: 60
  ) { wanted, _, reading in
    let store = TubesStore(reading.transaction)
    return try written(wanted).compactMap { try store.find(TubeCode(trusted: $0)) }
      .compactMap { tube in
        try found(
          tube.code.text, tube.round, tube.point, CorrectionScreens.address(of: tube.code), reading)
      }
  }

  private static let boxes = Finder(
    "boxes", Words("样本箱", "Boxes"), duty: ListRounds.duty, order: 61
  ) { wanted, _, reading in
    let store = CustodyStore(reading.transaction)
    return try written(wanted).compactMap { try store.find(BoxID(trusted: $0)) }.compactMap { box in
      try found(box.id.text, box.round, box.point, BoxScreens.address(of: box.id), reading)
    }
  }

  /// Whoever types a code does not mind its letters' height.
  private static func written(_ wanted: Finder.Wanted) -> [String] {
    Set([wanted.text, wanted.text.uppercased(), wanted.text.lowercased()]).sorted()
  }

  /// What was found with its round, where the reader may open it: as its own page judges.
  private static func found(
    _ title: String, _ round: RoundID, _ point: PointID?, _ address: String, _ reading: Reading
  ) throws -> Finder.Found? {
    let rounds = ScreeningRoundStore(reading.transaction)
    let round = try rounds.get(round)
    let point = try point.flatMap { try rounds.point($0) }
    let path = point?.path ?? round.path
    let areas = reading.authority.areas(for: ListRounds.duty)
    guard areas.contains(where: { $0.holds(path) || path.holds($0) }) else { return nil }
    let about = [round.name, point?.name].compactMap(\.self)
    return Finder.Found(title, about: about.joined(separator: " · "), address: address)
  }
}
