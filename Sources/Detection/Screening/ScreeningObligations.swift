import Kernel

/// What a round asks of whom.
enum ScreeningObligations {
  /// Somebody whose tube was not negative, or can give no result, gives a swab of their own.
  static let reswab = ObligationKind(
    "screening.reswab", title: Words("单管复采", "Take a single swab"),
    action: Words("去复采", "Take it"),
    closing: .byDecision(
      Words("登记此人的新管", "register the person’s new tube")),
    goesWithPerson: true)

  /// The result of that swab is brought in: until then the person is held.
  static let decide = ObligationKind(
    "screening.decide", title: Words("催办单管复核结果", "Get the result of a single swab"),
    action: Words("去催办", "Ask for it"),
    closing: .byDecision(
      Words("检测机构上报单管结果", "the laboratory reports the single tube")))

  /// Somebody's own tube is positive, and the case could not be reported by itself.
  static let report = ObligationKind(
    "screening.report", title: Words("人工报告单管阳性病例", "Report the case of a positive single tube"),
    action: Words("已报告", "Reported"),
    proof: [
      ProofField(
        "outcome", Words("结果", "Outcome"),
        .choice([
          ("reported", Words("已报告病例", "reported as a case")),
          ("known", Words("病例已在册", "the case was known")),
        ]))
    ], goesWithPerson: true)

  /// A building's untested are visited, door by door.
  static let untested = ObligationKind(
    "screening.untested", title: Words("敲门找未采样居民", "Knock at the doors of the untested"),
    action: Words("查看名单", "See the list"),
    closing: .byDecision(
      Words(
        "名单上每人已采样或登记原因",
        "everybody on the list is sampled or has a reason")),
    page: "/untested?of=:subject")

  /// A tube was sampled long ago and nothing was heard of it.
  static let late = ObligationKind(
    "screening.late", title: Words("追查未出结果的试管", "Find a tube without a result"),
    action: Words("去追查", "Find it"),
    closing: .byDecision(
      Words(
        "结果到达，或该管登记作废",
        "its result comes, or it is said to be void")),
    page: "/screening/tube?of=:subject")

  /// A hand-over that one side has not confirmed, or whose counts differ.
  static let custody = ObligationKind(
    "screening.custody", title: Words("核对样本交接", "Look into a hand-over of tubes"),
    action: Words("已核对", "Looked into"),
    proof: [
      ProofField(
        "outcome", Words("结果", "Outcome"),
        .choice([
          ("found", Words("已找到", "found")), ("miscounted", Words("点数有误", "miscounted")),
          ("lost", Words("遗失", "lost")),
        ]))
    ], page: "/screening/box?of=:subject")

  /// A box was packed, or taken by a vehicle or a store, and nobody gives it on.
  static let carry = ObligationKind(
    "screening.carry", title: Words("催送滞留的样本箱", "Send on a box of tubes that waits"),
    action: Words("去催送", "Send it on"),
    closing: .byDecision(
      Words(
        "持箱人交出，或箱内试管都已出结果或登记作废",
        "who has it gives it on, or its tubes have results or are void")),
    page: "/screening/box?of=:subject")

  /// A laboratory's list was put aside.
  static let quarantine = ObligationKind(
    "screening.quarantine", title: Words("审核被隔离的检测结果", "Decide on results that were put aside"),
    action: Words("去审核", "Decide"),
    closing: .byDecision(
      Words(
        "由两个单位的两人放行或退回",
        "two people of two organisations release or discard them")),
    page: "/screening/quarantine")

  /// A laboratory's lists are missing: their numbers were passed over.
  static let gap = ObligationKind(
    "screening.gap", title: Words("追查缺失的结果批次", "Find the lists of results that are missing"),
    action: Words("去追查", "Find them"),
    closing: .byDecision(
      Words(
        "缺的批次补到，或登记说明",
        "the lists come, or somebody says what became of them")),
    page: "/screening/quarantine")

  /// A second person decides whether a laboratory's key is another one, or none.
  static let key = ObligationKind(
    "screening.key", title: Words("复核检测机构密钥的更换", "Decide on the change of a laboratory's key"),
    action: Words("去复核", "Decide"),
    closing: .byDecision(
      Words(
        "由另一单位的人决定",
        "somebody of another organisation decides")),
    page: "/screening/quarantine")

  /// A second person decides whether a result is put right.
  static let correct = ObligationKind(
    "screening.correct", title: Words("复核结果更正", "Decide on the correction of a result"),
    action: Words("去复核", "Decide"),
    closing: .byDecision(
      Words(
        "由另一单位的人决定",
        "somebody of another organisation decides")),
    page: "/screening/corrections")

  static let all = [
    reswab, decide, report, untested, late, custody, carry, quarantine, gap, key,
    correct,
  ]
}
