import Gazette
import Kernel

/// A sampling point of a round.
package enum PointTag {}
/// A laboratory that tests tubes.
package enum LaboratoryTag {}
/// A list of results as a laboratory sent it.
package enum BatchTag {}
/// A box of tubes on its way.
package enum BoxTag {}
/// A contradiction that a human has to look at.
package enum ConflictTag {}
/// A request to change a result that was not negative.
package enum CorrectionTag {}

package typealias PointID = ID<PointTag>
package typealias LaboratoryID = ID<LaboratoryTag>
package typealias BatchID = ID<BatchTag>
package typealias BoxID = ID<BoxTag>
package typealias ConflictID = ID<ConflictTag>
package typealias CorrectionID = ID<CorrectionTag>

/// Where somebody on a frozen list stands.
package enum Standing: String, Codable, CaseIterable, Sendable {
  /// Nothing is known yet.
  case missing
  /// Need not be tested, for a reason that the policy or somebody gives.
  case exempt
  case away
  case refused
  /// Was sampled, but no tube of theirs can give a result: another swab is needed.
  case reswab
  /// A swab is on its way.
  case sampled
  /// A tube of theirs has a result.
  case tested

  package var words: Words {
    switch self {
    case .missing: Words("未采样", "not sampled")
    case .exempt: Words("免采", "exempt")
    case .away: Words("外出", "away")
    case .refused: Words("拒绝", "refused")
    case .reswab: Words("需重采", "to be sampled again")
    case .sampled: Words("已采样", "sampled")
    case .tested: Words("已出结果", "tested")
    }
  }

  /// How it is written in packed lists; never changed.
  var number: UInt8 {
    switch self {
    case .missing: 0
    case .exempt: 1
    case .away: 2
    case .refused: 3
    case .reswab: 4
    case .sampled: 5
    case .tested: 6
    }
  }

  init?(number: UInt8) {
    guard let found = Self.allCases.first(where: { $0.number == number }) else { return nil }
    self = found
  }
}

/// Why somebody is exempt, away, or refused; a closed list, so that no free text is kept of people.
package enum StandingReason: String, Codable, CaseIterable, Sendable {
  case none
  /// Below the age from which the policy asks for a test.
  case age
  /// A special need that the policy exempts.
  case health
  /// Tested in a hospital, at work or in another area.
  case elsewhere
  /// Isolated at a site that tests its own people.
  case isolated
  /// The same person stands on the list twice.
  case duplicate
  case travelling
  /// Moved away for good.
  case moved
  case deceased
  case unwilling
  /// Nobody opened.
  case noAnswer = "no_answer"
  /// Cannot come to a point: somebody goes to the door.
  case homebound

  package var words: Words {
    switch self {
    case .none: Words("", "")
    case .age: Words("未达年龄", "below the age")
    case .health: Words("身体原因", "health")
    case .elsewhere: Words("已在别处检测", "tested elsewhere")
    case .isolated: Words("隔离中由隔离点检测", "isolated and tested there")
    case .duplicate: Words("重复建档", "on the list twice")
    case .travelling: Words("外出未归", "travelling")
    case .moved: Words("已迁出", "moved away")
    case .deceased: Words("已故", "deceased")
    case .unwilling: Words("本人不愿", "unwilling")
    case .noAnswer: Words("敲门无人", "nobody opened")
    case .homebound: Words("不能出门，须上门采", "cannot come, is swabbed at home")
    }
  }

  var number: UInt8 {
    switch self {
    case .none: 0
    case .age: 1
    case .health: 2
    case .elsewhere: 3
    case .isolated: 4
    case .duplicate: 5
    case .travelling: 6
    case .moved: 7
    case .deceased: 8
    case .unwilling: 9
    case .noAnswer: 10
    case .homebound: 11
    }
  }

  init?(number: UInt8) {
    guard let found = Self.allCases.first(where: { $0.number == number }) else { return nil }
    self = found
  }
}

/// Why somebody is on a list.
package enum ListingReason: String, Codable, CaseIterable, Sendable {
  /// Lives in the area of the round, as the register knew it when the round opened.
  case resident
  /// Was named on the list with which the round was opened.
  case named
  /// A confirmed contact of a case when the list was made.
  case contact
  /// Has a special need of the register.
  case need
  /// Had no result in an earlier round.
  case unreached
  /// Was on the list of the round that this one repeats.
  case repeated
  /// Is isolated by a clause that asks for a test about now.
  case clause

  package var words: Words {
    switch self {
    case .resident: Words("居住在本范围", "lives in the area")
    case .named: Words("名单指定", "named on the list")
    case .contact: Words("病例的密接", "contact of a case")
    case .need: Words("台账登记的特殊需要", "special need in the register")
    case .unreached: Words("上一轮没有结果", "no result in an earlier round")
    case .repeated: Words("按上一轮名单再检", "on the list that is repeated")
    case .clause: Words("隔离中按规定应检", "isolated, and due by its clause")
    }
  }

  /// How it is written in packed lists; never changed.
  var number: UInt8 {
    switch self {
    case .resident: 0
    case .named: 1
    case .contact: 2
    case .need: 3
    case .unreached: 4
    case .repeated: 5
    case .clause: 6
    }
  }

  init?(number: UInt8) {
    guard let found = Self.allCases.first(where: { $0.number == number }) else { return nil }
    self = found
  }
}

/// What a laboratory says of a tube.
package enum TubeResult: String, Codable, CaseIterable, Sendable {
  case negative
  case positive
  /// The value lies in the grey zone.
  case grey
  /// Only one of the targets was found.
  case singleTarget = "single_target"
  /// The test failed and says nothing.
  case invalid

  package var words: Words {
    switch self {
    case .negative: Words("阴性", "negative")
    case .positive: Words("阳性", "positive")
    case .grey: Words("灰区", "grey zone")
    case .singleTarget: Words("单靶标", "single target")
    case .invalid: Words("无效", "invalid")
    }
  }

  /// Whether everyone in the tube is held for it.
  package var holds: Bool {
    switch self {
    case .positive, .grey, .singleTarget: true
    case .negative, .invalid: false
    }
  }

  /// What somebody wrote: the code or the words.
  init?(written: String) {
    let found = Self.allCases.first {
      [$0.rawValue, $0.words.chinese].contains(written.trimmingWhitespace())
    }
    guard let found else { return nil }
    self = found
  }
}
