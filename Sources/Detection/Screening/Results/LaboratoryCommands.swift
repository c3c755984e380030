import Gazette
import Kernel
import Registry

/// Lets an account speak for a laboratory: it delivers its lists, enters results of tubes that came to it, and
/// registers its key.
package struct AppointLaboratory: Command {
  package static let name = "screening.appointLaboratory"
  package static let duty: Duty = SetLaboratory.duty
  package let laboratory: LaboratoryID
  package let account: AccountID

  package init(laboratory: LaboratoryID, account: AccountID) {
    self.laboratory = laboratory
    self.account = account
  }

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> Done {
    let results = ResultsStore(work.transaction)
    guard try results.laboratory(laboratory) != nil else {
      throw Refusal.notFound(
        Words("检测机构", "laboratory"), laboratory.text, field: "laboratory")
    }
    guard try OfficesStore(work.transaction).hasAccount(account) else {
      throw Refusal.notFound(Words("账户", "account"), account.text, field: "account")
    }
    try LaboratoriesStore(work.transaction).appoint(
      account.text, for: laboratory, at: work.now, by: work.authority.sender.text)
    try work.record(LaboratoryAppointed(laboratory: laboratory, account: account))
    return Done()
  }
}

/// An account speaks for a laboratory from now on.
package struct LaboratoryAppointed: Fact {
  package static let name = "screening.laboratoryAppointed"
  package static let words = Words("账号开始代表检测机构", "Account appointed to speak for a laboratory")
  package static let about = Matter.laboratory
  package let laboratory: LaboratoryID
  package let account: AccountID
  package var subject: String { laboratory.text }
}

extension Work {
  /// The laboratory for which the sender speaks.
  func ownLaboratory() throws -> Laboratory {
    guard
      let own = try LaboratoriesStore(transaction).laboratory(of: authority.sender.text)
    else { throw Laboratory.nobodys }
    return own
  }
}

extension Laboratory {
  static let nobodys = Refusal(
    .forbidden, "laboratory.notAppointed",
    Words(
      "此账户还不代表任何检测机构；请管理员（管辖全域的指挥部）在“检测机构”页登记",
      "This account speaks for no laboratory yet; the administrator (who commands everywhere) appoints it under Laboratories"
    ))

  /// Who may change anything on the list of laboratories.
  static let whoSets = Words(
    "检测机构及其代表账户、密钥由管理员（管辖全域的指挥部）登记和更换；需要时请与其联系",
    "Laboratories, who speaks for them and their keys are set by the administrator (who commands everywhere): ask there"
  )

  /// What the holder of a key signs to put another one in its place.
  static func changeBytes(_ laboratory: LaboratoryID, key: String) -> [UInt8] {
    Array("denghuo-laboratory-key-1\n\(laboratory.text)\n\(key.lowercased())\n".utf8)
  }
}

/// A laboratory registers its public key: the first one by itself, another one signed with the one before, so
/// that whoever holds the account only cannot speak for it.
package struct RegisterKey: Command {
  package static let name = "screening.registerKey"
  package static let duty: Duty = DeliverResults.duty
  /// The public half of an Ed25519 key, 64 hexadecimal digits.
  package let key: String
  /// By the key before, over `denghuo-laboratory-key-1`, the laboratory and the new key, a line each.
  package let signature: String?

  package init(key: String, signature: String? = nil) {
    self.key = key
    self.signature = signature
  }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Done {
    let own = try work.ownLaboratory()
    let key = self.key.trimmingWhitespace().lowercased()
    try SetLaboratory.require(key: key)
    if own.key == key { return Done() }
    if let before = own.key.flatMap(Hex.bytes) {
      let bytes = Laboratory.changeBytes(own.id, key: key)
      let signed = signature.map { $0.trimmingWhitespace() }.flatMap(Hex.bytes)
      guard let signed, signed.count == 64,
        work.vault.suite.isSigned(bytes, by: before, signature: signed)
      else {
        throw Refusal(
          .conflict, "laboratory.keyChange",
          Words(
            "已有密钥：新公钥须用原私钥签名；原私钥遗失的，请管理员（管辖全域的指挥部）更换",
            "There is a key already: the new one is signed with the one before; when that is lost, the administrator (who commands everywhere) changes it"
          ), field: "signature")
      }
    }
    try LaboratoriesStore(work.transaction).setKey(key, of: own.id)
    try work.record(
      LaboratorySet(
        laboratory: own.id, key: Hex.text(work.vault.suite.digest(Array(key.utf8)))))
    return Done()
  }
}

/// A laboratory's own signed list as a sheet of `tube,result,reported_at`: what ``DeliverResults`` takes, for
/// whoever has a page and no program.
package struct DeliverSheet: Command {
  package static let name = "screening.deliverSheet"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = DeliverResults.duty
  package let sequence: Int
  package let sheet: String
  package let signature: String

  package init(sequence: Int, sheet: String, signature: String) {
    self.sequence = sequence
    self.sheet = sheet
    self.signature = signature
  }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> DeliverResults.Answer {
    let own = try work.ownLaboratory()
    let list = ResultList(
      laboratory: own.id, sequence: sequence, rows: try ResultSheet.rows(of: sheet, in: work.zone))
    return try DeliverResults(list, signature: signature.trimmingWhitespace()).perform(in: work)
  }
}

/// A laboratory enters one result of a tube that came to it, by hand.
package struct EnterOwnResult: Command {
  package static let name = "screening.enterOwnResult"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = DeliverResults.duty
  package let tube: TubeCode
  package let result: TubeResult

  package init(tube: TubeCode, result: TubeResult) {
    self.tube = tube
    self.result = result
  }

  // Whose tube it is, custody says.
  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> EnterResult.Answer {
    let own = try work.ownLaboratory()
    let tube = try TubesStore(work.transaction).get(tube)
    guard tube.laboratory == own.id, tube.receivedAt != nil else {
      throw ResultFault.notReceived.refusal
    }
    return try EnterResult(tube: tube.code, result: result).perform(in: work)
  }
}

/// Reads the sheet of a laboratory's list.
enum ResultSheet {
  private static let columns = [
    ["tube", "管码", "试管编号"], ["result", "结果", "检测结果"], ["reported_at", "报告时间"],
  ]

  /// - Throws: the first row that cannot be read, by its number: a list counts whole or not at all.
  static func rows(of sheet: String, in zone: Zone) throws(Refusal) -> [ResultRow] {
    let table = try PlainTable(csv: Array(sheet.utf8))
    var places: [Int] = []
    for names in columns {
      guard let place = table.header.firstIndex(where: { names.contains($0.lowercased()) }) else {
        throw Refusal(
          .invalid, "list.columns",
          Words(
            "首行须有列 tube,result,reported_at，缺 \(names[0])",
            "The first row names the columns tube,result,reported_at; \(names[0]) is missing"),
          field: "sheet")
      }
      places.append(place)
    }
    var rows: [ResultRow] = []
    for index in table.rows.indices {
      func wrong(_ column: Int, _ expected: Words) -> Refusal {
        let (row, said) = (table.number(of: index), table.cell(index, places[column]))
        return Refusal(
          .invalid, "list.row",
          Words(
            "第 \(row) 行“\(said)”应为\(expected.chinese)",
            "Row \(row): “\(said)” should be \(expected.english)"), field: "sheet")
      }
      let code = table.cell(index, places[0])
      guard !code.isEmpty, let tube = try? TubeCode(code, field: "sheet") else {
        throw wrong(0, Words("管码", "a tube's code"))
      }
      guard let result = TubeResult(written: table.cell(index, places[1])) else {
        let codes = TubeResult.allCases.map(\.rawValue).joined(separator: " | ")
        throw wrong(1, Words(codes, codes))
      }
      guard let at = Instant(table.cell(index, places[2]), in: zone) else {
        throw wrong(
          2, Words("时间，如 2022-11-29T14:00+08:00", "a time such as 2022-11-29T14:00+08:00"))
      }
      rows.append(ResultRow(tube: tube, result: result, reportedAt: at))
    }
    return rows
  }
}
