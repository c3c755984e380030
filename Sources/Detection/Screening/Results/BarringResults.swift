import Gazette
import Kernel

extension ImportResults {
  /// How many results of one laboratory a whole file has, and how many of them are not negative. Each
  /// part of it says so, that a file which is not plausible is put aside from its first part on.
  package struct WholeList: Codable, Sendable {
    package let laboratory: String
    package let rows: Int
    package let abnormal: Int

    package init(laboratory: String, rows: Int, abnormal: Int) {
      self.laboratory = laboratory
      self.rows = rows
      self.abnormal = abnormal
    }
  }

  /// How the rows of a file are counted before its first part is sent.
  static let lists = ImportTally(
    "lists", by: "laboratory", marked: "abnormal",
    isMarked: { TubeResult(written: $0["result"] ?? "")?.holds == true })

  /// The laboratories of which nothing new is taken, each with why: it has a key and signs, or too large a share of what it said
  /// lately, of what these rows add, or of the whole file is not negative, or a control among the rows is not what it
  /// is known to be.
  func barred(
    _ rows: [(row: Row, result: ResultRow)], _ applying: Applying, in work: Work
  ) throws -> [LaboratoryID: Refusal] {
    let policy = applying.policy.plausibility
    var barred: [LaboratoryID: Refusal] = [:]
    for (laboratory, said) in Dictionary(grouping: rows, by: \.row.laboratory) {
      let known = try ResultsStore(work.transaction).laboratory(laboratory)
      if let known, known.key != nil {
        barred[laboratory] = Self.unsigned(known)
        continue
      }
      if known == nil, try ResultsStore(work.transaction).hasKeys() {
        barred[laboratory] = Self.unknown(laboratory)
        continue
      }
      let isWrong = said.contains {
        applying.fault(of: $0.result, from: laboratory, needsReceipt: false) == .control
      }
      if isWrong {
        barred[laboratory] = ResultFault.control.refusal
        continue
      }
      if try ResultsStore(work.transaction).isSuspended(laboratory) {
        barred[laboratory] = ResultFault.suspended.refusal
        continue
      }
      let before = try work.lately(of: laboratory, policy)
      let whole = (lists ?? []).filter { $0.laboratory == laboratory.text }
        .map { ResultShare(rows: $0.rows, abnormal: $0.abnormal) }
      let all = before + ResultShare(of: said.map(\.result))
      // What is known already says nothing new; it is looked up only when it could matter.
      let together =
        all.rows < policy.rateFromRows
        ? all : before + ResultShare(of: try said.filter { try !isKnown($0, work) }.map(\.result))
      if let share = (whole + [together]).first(where: { $0.isTooAbnormal(policy) }) {
        barred[laboratory] = Self.tooAbnormal(laboratory, share, policy)
      }
    }
    return barred
  }

  private func isKnown(_ said: (row: Row, result: ResultRow), _ work: Work) throws -> Bool {
    let store = ResultsStore(work.transaction)
    guard let number = said.row.number else {
      return try store.isSaid(said.result, by: said.row.laboratory)
    }
    return try store.said(by: said.row.laboratory, sequence: number) == said.result
  }

  /// Where laboratories have keys, a name that nobody registered speaks for none.
  private static func unknown(_ laboratory: LaboratoryID) -> Refusal {
    Refusal(
      .notFound, "result.unknownLaboratory",
      Words(
        "没有登记名为“\(laboratory.text)”的检测机构；核对名称，或先在检测机构名单中登记",
        "No laboratory “\(laboratory.text)” is registered; check the name, or register it under "
          + "Laboratories first"), field: "laboratory")
  }

  private static func unsigned(_ laboratory: Laboratory) -> Refusal {
    let fault = ResultFault.unsigned
    let name = laboratory.name
    return Refusal(
      .conflict, fault.refusal.code,
      Words(
        "检测机构“\(name)”（\(laboratory.id.text)）已登记密钥，无签名的文件不能代其报结果；"
          + "请由该机构签名上报（screening.deliver），或先取消其密钥再导入",
        "Laboratory “\(name)” (\(laboratory.id.text)) has a key: no file without a signature speaks for it. "
          + "Let it deliver the list signed (screening.deliver), or take its key back first"),
      field: fault.refusal.field)
  }

  private static func tooAbnormal(
    _ laboratory: LaboratoryID, _ share: ResultShare, _ policy: ScreeningPolicy.Plausibility
  ) -> Refusal {
    let fault = ResultFault.tooManyAbnormal
    return Refusal(
      .conflict, fault.refusal.code,
      Words(
        "检测机构“\(laboratory.text)”的 \(share.rows) 条结果中有 \(share.abnormal) 条异常（整份文件，或连同此前 "
          + "\(policy.rateMinutes) 分钟内的），比例过高，均未生效；请与检测机构核实，属实的由其签名上报，两人复核后放行",
        "Of \(share.rows) results of laboratory “\(laboratory.text)” \(share.abnormal) are not negative (in "
          + "the whole file, or with the \(policy.rateMinutes) minutes before): too large a share, none "
          + "is taken. Ask the laboratory; what is true it delivers signed, and two people let it through"
      ), field: fault.refusal.field)
  }
}
