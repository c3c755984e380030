import Gazette
import Kernel
import Registry

/// What whoever decides a contradiction has to know.
struct ConflictReading {
  private let reading: Reading
  private let found: SwabConflict
  /// The swabs that are part of it, with their tubes.
  private let swabs: [SwabWithTube]

  init(_ reading: Reading, _ found: SwabConflict) throws {
    self.reading = reading
    self.found = found
    let store = SwabsStore(reading.transaction)
    if found.kind.isAboutPerson {
      let person = PersonID(trusted: found.about)
      reading.disclose(person)
      let identifiers = try ResidentsStore(reading.transaction).identifiers(of: person)
      swabs = try store.of(identifiers, in: found.round)
        .filter { $0.isGood && !$0.swab.isRecheck }
    } else if let tube = try TubesStore(reading.transaction).find(TubeCode(trusted: found.about)) {
      swabs = try store.inTube(tube.code).filter { $0.withdrawnAt == nil }
        .map { SwabWithTube(swab: $0, tube: tube) }
      for one in swabs { reading.disclose(one.swab.person) }
    } else {
      swabs = []
    }
  }

  func line() throws -> ListConflicts.Line {
    let isAboutTube = !found.kind.isAboutPerson
    let tube =
      isAboutTube
      ? try TubesStore(reading.transaction).find(TubeCode(trusted: found.about)) : nil
    let tubes = tube.map { [$0] } ?? swabs.map(\.tube)
    let devices = Dictionary(
      grouping: isAboutTube ? swabs.compactMap(\.swab.device) : []
    ) { $0 }
    let isCount = found.kind == .sealCount
    return ListConflicts.Line(
      conflict: found.id, kind: found.kind.rawValue, about: found.about, notedAt: found.notedAt,
      tubes: isAboutTube ? [TubeCode(trusted: found.about)] : tubes.map(\.code),
      devices: devices.map { ListConflicts.Device(device: $0.key, swabs: $0.value.count) }
        .sorted { $0.device < $1.device },
      members: swabs.map(Self.member), fresh: fresh(tube),
      counted: isCount ? tube?.sealedCount : nil, registered: isCount ? swabs.count : nil,
      decisions: ConflictDecision.offered(
        for: found.kind, tubes, belated: swabs.map(\.swab).filter(\.isLate)))
  }

  private static func member(_ one: SwabWithTube) -> ListConflicts.Member {
    ListConflicts.Member(
      person: one.swab.person, tube: one.tube.code, point: one.swab.point,
      sampledAt: one.swab.sampledAt, result: one.tube.result?.rawValue, isLate: one.swab.isLate,
      isRecheck: one.swab.isRecheck, home: one.swab.home)
  }

  /// What has come since it was decided, as people, devices or tubes.
  private func fresh(_ tube: Tube?) -> [String] {
    guard let known = found.known else { return [] }
    guard let tube else {
      return TubesRules.evidence(ofTwoTubes: swabs).subtracting(known).sorted()
    }
    let all = TubesRules.evidence(of: found.kind, tube, holding: swabs.map(\.swab))
    let people = Dictionary(
      swabs.map { ($0.swab.claim, $0.swab.person.text) }, uniquingKeysWith: { first, _ in first })
    return all.subtracting(known).map { people[$0] ?? $0 }.sorted()
  }
}
