import Kernel

/// How an investigation asks.
package struct InterviewPolicy: PolicySection {
  package static let key = "interview"

  /// One thing that a case may have, as a code and in words.
  package struct Symptom: Decodable, Sendable {
    package let code: String
    package let title: Words
  }

  /// So many days are asked for backwards at least, that a source may be found among them.
  package let daysBack: Int
  /// A stay over midnight is no longer than this; a longer one was written the wrong way round.
  package let nightHours: Int
  /// The symptoms that are asked for by name.
  package let symptoms: [Symptom]

  private enum CodingKeys: String, CodingKey {
    case symptoms
    case daysBack = "days_back"
    case nightHours = "night_hours"
  }

  package var faults: [Words] {
    var faults: [Words] = []
    if daysBack < 1 || !(1...24).contains(nightHours) {
      faults.append(Words("天数或小时数无效", "a number of days or hours makes no sense"))
    }
    if Set(symptoms.map(\.code)).count != symptoms.count {
      faults.append(Words("症状代码重复", "a symptom is named twice"))
    }
    return faults
  }
}
