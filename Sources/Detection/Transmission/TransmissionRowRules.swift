import Kernel

/// How the columns of a link are read.
enum TransmissionRowRules {
  /// The source that a row means: words for what is no case, otherwise a case's number.
  static func origin(_ row: TransmissionRow) throws(Refusal) -> TransmissionOrigin {
    switch row.infector.trimmingWhitespace() {
    case "imported", "输入", "境外输入", "外地输入": return .imported
    case "unknown", "不明", "来源不明": return .unknown
    case "venue", "场所", "场所聚集":
      guard let venue = row.venue else { throw .missing("venue") }
      return .cluster(venue)
    default: return .infector(try CaseID(row.infector, field: "infector"))
    }
  }

  /// The basis by its code or its Chinese words. A case or a venue needs one.
  static func basis(
    _ row: TransmissionRow, _ origin: TransmissionOrigin
  ) throws(Refusal) -> TransmissionBasis? {
    guard let written = row.basis, !written.isEmpty else {
      switch origin {
      case .infector: throw .missing("basis")
      case .cluster: return .venue
      case .imported, .unknown: return nil
      }
    }
    let known = TransmissionBasis.allCases.first {
      $0.rawValue == written || $0.words.chinese == written
    }
    if let known { return known }
    let codes = TransmissionBasis.allCases.map { "\($0.rawValue)（\($0.words.chinese)）" }
    throw .malformed(
      "basis", written,
      expected: Words(
        codes.joined(separator: "、"),
        TransmissionBasis.allCases.map(\.rawValue).joined(separator: ", ")))
  }

  /// The state by its code or its Chinese words; only a live one may be said.
  static func state(_ written: String?) throws(Refusal) -> TransmissionState? {
    guard let written, !written.isEmpty else { return nil }
    let known = TransmissionState.allCases.first {
      $0.isLive && ($0.rawValue == written || $0.words.chinese == written)
    }
    if let known { return known }
    throw .malformed(
      "state", written,
      expected: Words("confirmed（已确认）或 proposed（待确认）", "confirmed or proposed"))
  }
}
