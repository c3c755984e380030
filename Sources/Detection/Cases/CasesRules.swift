import Gazette
import Kernel
import Registry

/// How the columns of a report are read and judged.
package enum CasesRules {
  /// The oldest age that is taken.
  static let ages = 0...130

  /// A kind by its code or its Chinese words, long or short.
  package static func kind(_ written: String) throws(Refusal) -> InfectionKind {
    switch written {
    case "confirmed", "确诊", "确诊病例": return .confirmed
    case "asymptomatic", "无症状", "无症状感染者": return .asymptomatic
    case "converted", "无症状转确诊", "转归", "转确诊": return .converted
    default:
      throw .malformed(
        "kind", written,
        expected: Words(
          "confirmed（确诊病例）、asymptomatic（无症状感染者）或 converted（无症状转确诊）",
          "confirmed, asymptomatic or converted"))
    }
  }

  /// A sex by its code or its Chinese word.
  package static func sex(_ written: String) throws(Refusal) -> Sex {
    switch written {
    case "male", "男": return .male
    case "female", "女": return .female
    default:
      throw .malformed(
        "sex", written, expected: Words("male（男）或 female（女）", "male or female"))
    }
  }

  /// A source of the policy's list, by its code or words.
  package static func source(
    _ written: String, _ policy: CasePolicy
  ) throws(Refusal) -> String {
    if let source = policy.source(written) { return source.code }
    let codes = policy.sources.map { "\($0.code)（\($0.words.chinese)）" }.joined(separator: "、")
    throw Refusal(
      .invalid, "case.unknownSource",
      Words(
        "发现途径“\(written.prefix(40))”不在政策清单中，可用：\(codes)",
        "The source “\(written.prefix(40))” is not on the policy's list: "
          + policy.sources.map(\.code).joined(separator: ", ")),
      field: "source")
  }

  /// An age in years.
  package static func age(_ age: Int) throws(Refusal) -> Int {
    guard ages.contains(age) else {
      throw .malformed("age", String(age), expected: Words("0–130 的整数", "a number in 0–130"))
    }
    return age
  }

  /// Checks that what is said to have happened happened in a possible order.
  package static func checkTimes(
    of infection: Infection, now: Instant, zone: Zone
  ) throws(Refusal) {
    guard infection.reportedAt <= now else {
      throw Refusal(
        .invalid, "case.reportedInFuture",
        Words("报告时间晚于现在，请更正", "It would be reported in the future; correct the time"),
        field: "reported_at")
    }
    if let sampled = infection.sampledAt, sampled > infection.reportedAt {
      throw Refusal(
        .invalid, "case.sampledAfterReport",
        Words(
          "采样时间晚于报告时间，请更正其中之一",
          "It was sampled after it was reported; correct one of the two"),
        field: "sampled_at")
    }
    if let onset = infection.onsetOn, onset > Day(of: infection.latestReport, in: zone) {
      throw Refusal(
        .invalid, "case.onsetAfterReport",
        Words(
          "发病日期晚于报告日期，请更正；无症状感染者发病后请用 cases.convert",
          "The onset lies after the report; correct it, or convert the case if it fell ill later"),
        field: "onset_on")
    }
    if let converted = infection.convertedAt {
      try checkConversion(at: converted, of: infection, now: now)
    }
  }

  /// Checks the time of a conversion.
  package static func checkConversion(
    at time: Instant, of infection: Infection, now: Instant
  ) throws(Refusal) {
    guard time <= now else {
      throw Refusal(
        .invalid, "case.convertedInFuture",
        Words("转确诊时间晚于现在，请更正", "It would be converted in the future; correct the time"),
        field: "at")
    }
    guard time >= infection.reportedAt else {
      throw Refusal(
        .invalid, "case.convertedBeforeReport",
        Words(
          "转确诊时间早于无症状报告时间，请更正其中之一",
          "It would be converted before it was reported as asymptomatic; correct one of the two"),
        field: "at")
    }
  }

  /// The columns in which a report differs from what is known. A cell that says nothing agrees.
  package static func differences(
    between known: Infection, and reported: Infection, person: PersonID?
  ) -> [String] {
    func differs<Value: Equatable>(_ new: Value?, _ old: Value?) -> Bool {
      new != nil && new != old
    }
    var fields: [String] = []
    if differs(person, known.person) { fields.append("person") }
    if reported.kind != known.kind { fields.append("kind") }
    if differs(reported.source, known.source) { fields.append("source") }
    if reported.district != known.district { fields.append("district") }
    if differs(reported.foundIn, known.foundIn) { fields.append("found_in") }
    if reported.reportedAt != known.reportedAt { fields.append("reported_at") }
    if differs(reported.onsetOn, known.onsetOn) { fields.append("onset_on") }
    if differs(reported.sampledAt, known.sampledAt) { fields.append("sampled_at") }
    if differs(reported.sex, known.sex) { fields.append("sex") }
    if differs(reported.age, known.age) { fields.append("age") }
    return fields
  }
}

extension Infection {
  /// When it was last reported as something new: at first, or as a confirmed case.
  fileprivate var latestReport: Instant { convertedAt ?? reportedAt }
}

extension Refusal {
  /// The number is known with another content.
  static func differentContent(_ fields: [String]) -> Refusal {
    let names = fields.joined(separator: ", ")
    return Refusal(
      .conflict, "case.different",
      Words(
        "该病例编号已有记录且内容不同（\(names)），请用 cases.correct 写明理由更正",
        "This case is known with another content (\(names)); correct it with a reason"),
      field: fields.first)
  }

  static func withdrawnCase(_ field: String = "case") -> Refusal {
    Refusal(
      .conflict, "case.withdrawn",
      Words(
        "该病例已撤销；如再次感染请用新编号报告",
        "This case was withdrawn; report a new one under a new number"),
      field: field)
  }
}
