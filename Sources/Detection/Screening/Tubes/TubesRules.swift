import Gazette
import Kernel

/// Judgement about tubes and the swabs in them.
package enum TubesRules {
  /// Letters, digits and `-_.`: what scanners bring, and no text that could be somebody's name.
  static func check(_ code: TubeCode) throws(Refusal) {
    let isCode = code.text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: ":"):
        true
      default: false
      }
    }
    guard isCode, code.text.utf8.count <= 64 else {
      throw Refusal(
        .invalid, "tube.code",
        Words(
          "管码只能是字母、数字和 -_./:，最多 64 位",
          "A tube's code has letters, digits and -_./: and at most 64 of them"),
        field: "tube")
    }
  }

  /// What the codes of one roll have in common: the kind of each sign, and all but the last six. The
  /// phone knows them by the same (`Web/codes.js`).
  static func family(_ code: String) -> String {
    let kinds = code.utf8.map { byte -> UInt8 in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt8(ascii: "0")
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(ascii: "A")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt8(ascii: "a")
      default: byte
      }
    }
    return "\(String(decoding: kinds, as: UTF8.self)) \(rollPrefix(code))"
  }

  /// With what all codes of a roll begin.
  static func rollPrefix(_ code: String) -> String {
    String(code.prefix(max(1, code.count - changingSigns)))
  }

  /// How many signs at the end of a code change along a roll.
  private static let changingSigns = 6

  /// What the swabs of one tube contradict, whatever the order in which they came.
  static func conflicts(of tube: Tube, holding swabs: [Swab]) -> Set<ConflictKind> {
    let standing = swabs.filter { $0.withdrawnAt == nil }
    // What is known to be in it is nobody's, whatever else is wrong about it.
    if tube.control != nil { return standing.isEmpty ? [] : [.control] }
    var found: Set<ConflictKind> = []
    if standing.count > tube.capacity { found.insert(.overfull) }
    if Set(standing.compactMap(\.device)).count > 1 { found.insert(.twoDevices) }
    if standing.contains(where: { $0.round != tube.round }) { found.insert(.otherRound) }
    if standing.contains(where: { isBelated($0, in: tube) }) { found.insert(.afterSeal) }
    if standing.count > 1, standing.contains(where: \.isRecheck) { found.insert(.heldShared) }
    if isMiscounted(tube, holding: swabs) { found.insert(.sealCount) }
    return found
  }

  /// What makes a contradiction of a tube one, without names: the claims of its swabs, or its devices.
  static func evidence(
    of kind: ConflictKind, _ tube: Tube, holding swabs: [Swab]
  ) -> Set<String> {
    let standing = swabs.filter { $0.withdrawnAt == nil }
    switch kind {
    case .twoDevices: return Set(standing.compactMap(\.device))
    case .otherRound: return Set(standing.filter { $0.round != tube.round }.map(\.claim))
    case .afterSeal: return Set(standing.filter { isBelated($0, in: tube) }.map(\.claim))
    case .sealCount:
      return Set(standing.map(\.claim)).union(["\(tube.sealedCount ?? 0) counted"])
    case .overfull, .heldShared, .control, .secondTube, .ahead, .voidAfterResult, .outsideRound:
      return Set(standing.map(\.claim))
    }
  }

  /// What makes somebody stand in two tubes.
  static func evidence(ofTwoTubes swabs: [SwabWithTube]) -> Set<String> {
    Set(swabs.filter { $0.isGood && !$0.swab.isRecheck }.map(\.tube.code.text))
  }

  /// Whether a swab's own time lies after its tube was sealed, received or tested.
  static func isBelated(_ swab: Swab, in tube: Tube) -> Bool {
    [tube.sealedAt, tube.receivedAt, tube.firstReportedAt].contains { moment in
      moment.map { swab.sampledAt > $0 } ?? false
    }
  }

  /// The same, unless somebody found that it was in the tube all the same; of what was tested before nobody can.
  static func isLate(_ swab: Swab, in tube: Tube) -> Bool {
    if tube.control != nil { return true }
    if let tested = tube.firstReportedAt, swab.sampledAt > tested { return true }
    return swab.acceptedAt == nil && isBelated(swab, in: tube)
  }

  /// Whether more swabs were counted at the seal than anybody registered, or fewer than stand in the tube.
  /// Who was struck out, or comes after the seal, may have been counted or not: each of the two says so itself.
  private static func isMiscounted(_ tube: Tube, holding swabs: [Swab]) -> Bool {
    miscount(of: tube, holding: swabs) != nil
  }

  /// How many more swabs were counted at the seal than are registered, or fewer; nil where that agrees.
  static func miscount(of tube: Tube, holding swabs: [Swab]) -> Int? {
    guard let counted = tube.sealedCount, let sealedAt = tube.sealedAt else { return nil }
    let least = swabs.count { $0.withdrawnAt == nil && $0.sampledAt <= sealedAt }
    if counted > swabs.count { return counted - swabs.count }
    return counted < least ? counted - least : nil
  }

  /// How many a tube takes: of one household as many as are in it, otherwise the round's number.
  static func capacity(pool: Int, holding swabs: [Swab]) -> Int {
    let standing = swabs.filter { $0.withdrawnAt == nil }
    guard let home = standing.first?.home, standing.allSatisfy({ $0.home == home }) else {
      return pool
    }
    return max(pool, standing.count)
  }

  /// Whether a person stands in two tubes that can both give a result.
  static func isInTwoTubes(_ swabs: [SwabWithTube]) -> Bool {
    swabs.count { $0.isGood && !$0.swab.isRecheck } > 1
  }

  /// How somebody stands by the swabs of one round; nil when no swab of theirs says anything.
  static func standing(by swabs: [SwabWithTube]) -> Standing? {
    let good = swabs.filter(\.isGood)
    if good.contains(where: { $0.tube.result != nil }) { return .tested }
    if !good.isEmpty { return .sampled }
    return nil
  }

  /// The quarter of an hour in which a swab was taken, counted from 1970.
  static func quarter(of instant: Instant) -> Int { Int(instant.milliseconds / 900_000) }
}

extension SwabConflict {
  /// Whether somebody has to look at it again: more has come than was known when all was found to stand, or
  /// anything where something was done about it.
  func isNews(_ evidence: Set<String>?, reopening: Bool) -> Bool {
    guard decision == .stands, let known, let evidence else { return reopening }
    return !evidence.isSubset(of: known)
  }
}
