import Kernel

/// What makes a row of visits or encounters sound.
enum VisitsRules {
  static func requireOrder(_ span: TimeSpan) throws(Refusal) {
    guard span.to < span.from else { return }
    throw Refusal(
      .invalid, "visit.reversed",
      Words(
        "离开时间早于到达时间，请核对“from”和“to”",
        "The visit ends before it begins; check “from” and “to”"),
      field: "to")
  }

  /// Nobody can be told of what has not happened; a clock would run from it.
  static func requirePast(_ span: TimeSpan, now: Instant) throws(Refusal) {
    guard span.to > now else { return }
    throw Refusal(
      .invalid, "contact.future",
      Words("接触结束时间晚于现在，请核对", "The contact would end in the future; check the time"),
      field: "to")
  }

  static func requireCoordinates(
    latitude: Double?, longitude: Double?
  ) throws(Refusal) {
    switch (latitude, longitude) {
    case (nil, nil): return
    case (nil, _): throw .missing("lat")
    case (_, nil): throw .missing("lon")
    case (let latitude?, let longitude?):
      guard (-90...90).contains(latitude) else {
        throw .malformed(
          "lat", String(latitude), expected: Words("-90 至 90 的纬度", "a latitude in -90…90"))
      }
      guard (-180...180).contains(longitude) else {
        throw .malformed(
          "lon", String(longitude), expected: Words("-180 至 180 的经度", "a longitude in -180…180"))
      }
    }
  }

  static func requireTwo(_ one: PersonID, _ other: PersonID) throws(Refusal) {
    guard one == other else { return }
    throw Refusal(
      .invalid, "encounter.self",
      Words("接触双方是同一人，请更正其中一个编号", "Both are the same person; correct one identifier"),
      field: "person_b")
  }

  static func requireLength(_ seconds: Int) throws(Refusal) {
    guard seconds < 0 else { return }
    throw .malformed(
      "seconds", String(seconds), expected: Words("不小于 0 的秒数", "seconds, 0 or more"))
  }

  static let known = Words("记录已存在", "The record is known already")
}
