import Gazette
import Kernel

/// A laboratory.
package struct Laboratory: Sendable {
  package let id: LaboratoryID
  package let name: String
  /// The public half of its signing key, as hexadecimal digits.
  package let key: String?
  /// The number of the last signed list that was taken.
  package let lastSequence: Int
}

/// One result as a laboratory says it.
package struct ResultRow: Codable, Hashable, Sendable {
  package let tube: TubeCode
  package let result: TubeResult
  package let reportedAt: Instant

  private enum CodingKeys: String, CodingKey {
    case tube
    case result
    case reportedAt = "reported_at"
  }

  package init(tube: TubeCode, result: TubeResult, reportedAt: Instant) {
    self.tube = tube
    self.result = result
    self.reportedAt = reportedAt
  }
}

/// A list of results with its number, as a laboratory signs it.
package struct ResultList: Sendable {
  package let laboratory: LaboratoryID
  package let sequence: Int
  package let rows: [ResultRow]

  package init(laboratory: LaboratoryID, sequence: Int, rows: [ResultRow]) {
    self.laboratory = laboratory
    self.sequence = sequence
    self.rows = rows
  }

  /// The bytes that are signed: what the list is, whose, its number, how many rows, and each row.
  package func signedBytes(in zone: Zone) -> [UInt8] {
    var lines = ["denghuo-results-1", laboratory.text, String(sequence), String(rows.count)]
    lines += rows.map { row in
      "\(row.tube.text),\(row.result.rawValue),\(row.reportedAt.text(in: zone))"
    }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }
}

/// A list as it was kept.
package struct ResultBatch: Sendable {
  /// What became of a list.
  package enum State: String, Codable, CaseIterable, Sendable {
    case applied
    case quarantined
    /// Applied after somebody had looked at it.
    case released
    case discarded
  }

  package let id: BatchID
  package let laboratory: LaboratoryID
  package let sequence: Int
  package let digest: String
  package let rows: Int
  let body: String
  package let cameAt: Instant
  package let state: State
  package let reasons: [String]
  /// Where its tubes were taken, or the latest round is; nil when there was none.
  var area: PlacePath?
  /// What the first of two people said who decide on it.
  package internal(set) var said: Word?
  /// Of one result that was entered by hand: the tube, and who entered it.
  package var tube: TubeCode?
  package var enteredBy: String?
  /// What stands for the number of a list that is one result entered by hand.
  static let byHand = 0

  /// One person's word on a list that was put aside.
  package struct Word: Sendable {
    package let release: Bool
    let by: String
    let organisations: Set<String>
    package let at: Instant
  }

  /// Whether it was certainly the laboratory that sent it.
  var isSigned: Bool {
    !reasons.contains(ResultFault.signature.rawValue)
      && !reasons.contains(ResultFault.noKey.rawValue)
  }
}

/// Why a result, or a list of them, is not taken as it stands.
package enum ResultFault: String, Codable, CaseIterable, Sendable {
  case unknownTube = "unknown_tube"
  case emptyTube = "empty_tube"
  case voidTube = "void_tube"
  /// Custody was written down, and says that the tube is not there.
  case notReceived = "not_received"
  case beforeReceipt = "before_receipt"
  case beforeSampling = "before_sampling"
  case tooFast = "too_fast"
  case inFuture = "in_future"
  /// The number was used for something else.
  case replay
  /// Somebody said that the list of this number never comes.
  case explained
  /// The number lies so far beyond the last one that it is no count of lists.
  case sequence
  /// Not negative before, or positive, and less now: two people decide.
  case correction
  case signature
  case noKey = "no_key"
  /// The laboratory has a key, and a file says without a signature what it is to have said.
  case unsigned
  case tooManyAbnormal = "too_many_abnormal"
  case tooMany = "too_many"
  case twice
  case empty
  /// Of a tube that was known beforehand it says something else: the run went wrong.
  case control
  /// A list of the laboratory that was wrong about a control waits for a decision.
  case suspended

  package var words: Words {
    switch self {
    case .unknownTube: Words("没有这支试管的登记，请核对管码", "No such tube is registered; check its code")
    case .emptyTube:
      Words(
        "该试管没有登记任何人；先让采样点同步或补登记",
        "Nobody is registered in this tube; let its sampling point send what it did, then report again"
      )
    case .voidTube:
      Words(
        "该试管已作废；管内人员须重采，请删去这一行",
        "This tube is void and its people are swabbed again; strike the row out")
    case .notReceived:
      Words(
        "该检测机构没有接收这支试管；先在样本转运页确认接收，或核对管码",
        "This laboratory has not received the tube; confirm its box under Boxes first, or check the code"
      )
    case .beforeReceipt:
      Words(
        "报告时间早于接收时间；更正报告时间", "Reported before the tube was received; correct the time of the report"
      )
    case .beforeSampling:
      Words(
        "报告时间早于采样时间；更正报告时间，或核对管码",
        "Reported before the swab was taken; correct the time of the report, or check the code")
    case .tooFast:
      Words(
        "报告时间快于检测所需的最短时间；检测完成后再报，或更正报告时间",
        "Reported faster than a test can be done; report when it is done, or correct the time")
    case .inFuture:
      Words(
        "报告时间晚于现在；校准时钟或更正报告时间",
        "Reported in the future; set the clock right, or correct the time of the report")
    case .replay:
      Words(
        "序号已用于别的结果；换下一个序号再报",
        "This number was used for another result; report it under the next one")
    case .explained:
      Words(
        "这批此前已说明不会再来；换下一个批号再报",
        "Somebody said that the list of this number never comes; report it under the next one")
    case .correction:
      Words(
        "该管已报阳性或异常，改轻须两个单位的两人更正：在试管页“申请更正”",
        "The tube was positive or not negative; only a correction by two people makes it less: ask for "
          + "it on the tube’s page")
    case .signature:
      Words(
        "签名与检测机构的密钥不符；用登记的密钥重新签名，或先更新公钥",
        "The signature is not that of the laboratory's key; sign with the key that is registered, or register the new one first"
      )
    case .noKey:
      Words("检测机构没有登记密钥；先登记公钥", "The laboratory has no key; register its public key first")
    case .unsigned:
      Words(
        "检测机构已登记密钥，只接受签名清单；请签名上报",
        "The laboratory has a key, and only signed lists of it count; deliver them signed")
    case .tooManyAbnormal:
      Words("异常结果比例过高，须人工复核", "Too large a share is not negative; a person has to look")
    case .tooMany: Words("一份清单中的结果过多；分几份上报", "Too many results in one list; deliver it in parts")
    case .twice: Words("同一试管出现两次；留一行", "A tube stands twice in the list; leave one row")
    case .sequence:
      Words(
        "序号接不上：从 1 起，且不能比上一批大得太多；按上一批的序号接着编号再报",
        "The list's number is none that follows the last one, from 1 on and not far beyond it; number it after that one and deliver it again"
      )
    case .control:
      Words(
        "其中质控管的结果与已知不符，整批不可信；机构查明原因、重新检测后再报",
        "A control in it is not what it is known to be, so nothing of it can be trusted: the laboratory finds out why, tests again and reports anew"
      )
    case .suspended:
      Words(
        "该机构有一份质控不符的清单还没有处理；两个单位的人处理那一份之前，别的结果也先放一边",
        "A list of this laboratory that was wrong about a control waits: until two people of two organisations have decided on it nothing of the laboratory counts"
      )
    case .empty: Words("清单为空；填入结果再报", "The list is empty; put results into it")
    }
  }
}

/// Somebody who is held for a tube that was not negative.
package struct Recall: Sendable {
  /// How it ends.
  package enum State: String, Codable, CaseIterable, Sendable {
    case held
    case released
    case infection = "case"

    package var words: Words {
      switch self {
      case .held: Words("待复核", "held")
      case .released: Words("已解除", "released")
      case .infection: Words("转为病例", "a case")
      }
    }
  }

  package let tube: TubeCode
  package let person: PersonID
  package let round: RoundID
  package let result: TubeResult
  package let heldSince: Instant
  package internal(set) var state: State
  /// The person's own tube.
  package internal(set) var single: TubeCode?
  package internal(set) var decidedAt: Instant?

  /// What an obligation about one person in one tube is about.
  static func subject(tube: TubeCode, person: PersonID) -> String {
    "\(tube.text)/\(person.text)"
  }

  var subject: String { Self.subject(tube: tube, person: person) }
}

/// A request to put a result right.
package struct ResultCorrection: Sendable {
  package let id: CorrectionID
  package let tube: TubeCode
  package let was: TubeResult
  package let result: TubeResult
  package let askedBy: String
  package let organisations: Set<String>
  package let askedAt: Instant
  package let decidedAt: Instant?
}
