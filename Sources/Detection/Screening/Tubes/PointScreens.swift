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
  private let tube: Tube?
  private let members: Int

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    round = try ScreeningRoundStore(reading.transaction).get(
      RoundID(request.parameter("round"), field: "round"))
    let code = request.query["tube"].flatMap { $0.isEmpty ? nil : $0 }
    let open = try code.map { try TubeCode($0, field: "tube") }
    tube = try open.flatMap { try TubesStore(reading.transaction).find($0) }
    members =
      try open.map {
        try SwabsStore(reading.transaction).inTube($0).count { $0.withdrawnAt == nil }
      } ?? 0
  }

  var title: String { look("采样登记：\(round.name)", "Sampling: \(round.name)") }
  private var code: String { request.query["tube"] ?? "" }

  func body() throws -> HTML {
    let open = look.questionForm(
      to: "/screening/\(Address.escaped(round.id.text))/point", for: request,
      fields: [
        .init("tube", look("扫管码", "Scan the tube"), required: true),
        .init("point", look("采样点", "Point")),
      ], button: look("打开这支管", "Open this tube"))
    guard !code.isEmpty else { return HTML([look.title(title), open]) }
    let capacity = tube?.capacity ?? round.pool
    let register = look.form(
      RegisterSwab.name, for: request, hidden: hidden + [("expects_known", "true")],
      fields: [
        .init(
          "person", look("扫居民码、证件或输入人员编号", "Scan the resident’s code or card, or type the number"),
          required: true)
      ], buttons: look.primaryButton(look("登记，下一位", "Register, next")))
    let stranger = look.disclosure(
      look("名单外的人", "Somebody unknown"), id: "unknown",
      look.form(
        RegisterSwab.name, for: request, hidden: hidden,
        fields: [
          .init(
            "person", look("编号", "Number"),
            hint: look(
              "台账中没有的人：自编一个编号，不要写证件号", "Who is in no file: a number of your own, not that of a card"
            ),
            required: true)
        ], buttons: look.plainButton(look("登记为名单外", "Register as unlisted"))))
    let seal = look.form(
      SealTube.name, for: request, hidden: [("round", round.id.text), ("tube", code)],
      buttons: look.plainButton(look("封管", "Seal the tube")), isInline: true)
    let isFull = members >= capacity
    return HTML([
      look.title(title),
      look.answer("\(members) / \(capacity)"),
      look.facts([(look("试管", "Tube"), "\(code)")]),
      tube?.sealedAt != nil
        ? look.notice(look("已封管，请扫下一支", "Sealed: scan the next one"), tone: .done) : "",
      isFull ? look.notice(look("已满，请封管", "Full: seal it"), tone: .soon) : "",
      isFull || tube?.sealedAt != nil ? "" : register,
      tube == nil || tube?.sealedAt != nil ? "" : seal,
      isFull || tube?.sealedAt != nil ? "" : stranger, open,
    ])
  }

  private var hidden: [(String, String)] {
    [("round", round.id.text), ("tube", code)]
      + (request.query["point"].map { $0.isEmpty ? [] : [("point", $0)] } ?? [])
  }
}
