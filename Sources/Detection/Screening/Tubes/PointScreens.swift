import Gazette
import Kernel
import Look
import Registry

/// A point's desk: the open tube with its number, and the next person.
struct PointPage {
  private let request: ScreenRequest
  private let reading: Reading
  private let look: Look
  private let round: ScreeningRound
  private let code: TubeCode?
  private let tube: Tube?
  private let members: Int

  init(request: ScreenRequest, reading: Reading) throws {
    self.reading = reading
    look = Look(reading)
    round = try ScreeningRoundStore(reading.transaction).get(
      RoundID(request.parameter("round"), field: "round"))
    let store = TubesStore(reading.transaction)
    var open = try request.asked("tube").map { try TubeCode($0, field: "tube") }
    // The desk has gone on to the next tube of its roll since this address was made.
    for _ in 0..<Self.mostTubes {
      guard let asked = open, let next = try store.find(asked)?.followedBy else { break }
      open = next
    }
    code = open
    tube = try open.flatMap { try store.find($0) }
    members =
      try open.map {
        try SwabsStore(reading.transaction).inTube($0).count { $0.withdrawnAt == nil }
      } ?? 0
    self.request =
      open.map { open in
        request.from(
          Address(
            "/screening/\(Address.escaped(request.parameter("round")))/point",
            ["tube": open.text, "point": request.asked("point")]), ["tube": open.text])
      } ?? request
  }

  /// How many tubes one address leads on over: more than a desk fills in a shift.
  private static let mostTubes = 1_000

  var title: String { look("采样登记：\(round.name)", "Sampling: \(round.name)") }

  func body() throws -> HTML {
    let open = look.questionForm(
      to: "/screening/\(Address.escaped(round.id.text))/point", for: request,
      fields: [
        .init("tube", look("扫管码", "Scan the tube"), required: true),
        .init("point", look("采样点", "Point")),
      ], button: look("打开这支管", "Open this tube"))
    guard let code else { return HTML([look.title(title), open]) }
    let capacity = tube?.capacity ?? round.pool
    let isDone = tube?.sealedAt != nil || tube?.voidedAt != nil
    let scan = look.form(
      ScanAtPoint.name, for: request, hidden: hidden(code),
      fields: [
        .init(
          "code", look("扫居民码、证件或输入人员编号", "Scan the resident’s code or card, or type the number"),
          hint: look("扫下一支管：封这支，打开那支", "the next tube seals this one and opens itself"),
          required: true)
      ], buttons: look.primaryButton(look("登记，下一位", "Register, next")))
    let stranger = look.disclosure(
      look("名单外的人", "Somebody unknown"), id: "unknown",
      look.form(
        RegisterSwab.name, for: request, hidden: hidden(code),
        fields: [
          .init(
            "person", look("编号", "Number"),
            hint: look(
              "台账中没有的人：自编一个编号，不要写证件号", "Who is in no file: a number of your own, not that of a card"
            ),
            required: true)
        ], buttons: look.plainButton(look("登记为名单外", "Register as unlisted"))))
    let inside = try SwabsStore(reading.transaction).inTube(code)
    let seal = look.form(
      SealTube.name, for: request, hidden: [("round", round.id.text), ("tube", code.text)],
      fields: [
        .init("count", look("清点管内拭子（可不填）", "Swabs counted in it (may stay empty)"), .number)
      ], buttons: look.plainButton(look("封管", "Seal the tube")))
    let most =
      round.householdTube
      ? try reading.policy(ScreeningPolicy.self).householdMost : capacity
    let isFull = members >= max(capacity, most)
    return HTML([
      look.title(title),
      look.answer("\(members) / \(capacity)"),
      look.facts([(look("试管", "Tube"), "\(code.text)")]),
      round.householdTube
        ? look.notice(
          look("一户一管", "One household, one tube"),
          look(
            "同一户的人扫进同一支管；换一户换一支管。",
            "People of one household go into one tube; another household takes another."),
          tone: .information) : "",
      tube?.sealedAt != nil
        ? look.notice(look("已封管，请扫下一支", "Sealed: scan the next one"), tone: .done) : "",
      recount(code, inside),
      isFull && !isDone
        ? look.notice(
          look("已满，请扫下一支管或封管", "Full: scan the next tube, or seal this one"), tone: .soon)
        : "",
      isDone ? "" : scan, unsure(code), tube == nil || isDone ? "" : seal,
      isFull || isDone ? "" : stranger, open,
    ])
  }

  /// What was counted at the seal is not what is registered: whoever holds the tube sees which is right.
  private func recount(_ code: TubeCode, _ inside: [Swab]) -> HTML {
    guard let tube, let counted = tube.sealedCount,
      TubesRules.miscount(of: tube, holding: inside) != nil
    else { return "" }
    let words = look.notice(
      look(
        "清点 \(counted) 支，登记 \(members) 人，不一致", "\(counted) counted, \(members) registered"),
      look(
        "请再点一次：点错的，在此改；确实不一致的，留下此管，告诉街道，由其决定。",
        "Count once more: put a wrong count right here; when it does differ keep the tube and tell the street, which decides."
      ), tone: .late)
    guard tube.takesCount else { return words }
    return words
      + look.form(
        SealTube.name, for: request, hidden: [("round", round.id.text), ("tube", code.text)],
        fields: [
          .init("count", look("再点一次：管内拭子", "Counted once more"), .number, required: true)
        ], buttons: look.primaryButton(look("改清点数", "Put the count right")))
  }

  /// What was scanned and is neither on file nor of this roll: only whoever holds it sees which it is.
  private func unsure(_ code: TubeCode) -> HTML {
    guard request.refusal?.code == "swab.unknown", let scanned = request.posted["code"],
      request.posted["command"] == ScanAtPoint.name
    else { return "" }
    return look.form(
      ScanAtPoint.name, for: request,
      hidden: hidden(code) + [("code", scanned), ("is_tube", "true")],
      buttons: look.plainButton(
        look(
          "这是下一支管：封 \(code.text)，打开 \(scanned)",
          "It is the next tube: seal \(code.text), open \(scanned)")),
      isInline: true)
  }

  private func hidden(_ code: TubeCode) -> [(String, String)] {
    [("round", round.id.text), ("tube", code.text)]
      + (request.asked("point").map { [("point", $0)] } ?? [])
  }
}
