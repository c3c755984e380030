import Kernel
import Look
import Registry

/// The form for a telephone call: what was said already, what to ask next, and the line of time.
enum InterviewScreens {
  static let one = Screen(
    path: "/cases/:case/interview", title: Words("询问", "Interview"),
    duty: InterviewOfCase.duty, purpose: .investigation
  ) { request, reading in
    let page = try InterviewPage(request: request, reading: reading)
    return Page(title: page.title, body: try page.body(), isLive: true)
  }
}

/// The page of one interview.
private struct InterviewPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let infection: CaseID
  let said: InterviewOfCase.Answer
  let mayAsk: Bool

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    infection = try CaseID(request.parameter("case"))
    said = try reading.ask(
      InterviewOfCase(infection: infection, revealed: request.query["reveal"] == "true"))
    let path = try InvestigationStore(reading.transaction).get(infection).path
    mayAsk = reading.authority.may(NoteStay.duty, at: path)
  }

  var title: String { look("询问 \(infection)", "Interview \(infection)") }
  private var own: Address {
    Address("/cases/\(Address.escaped(infection.text))/interview", request.query)
  }

  func body() throws -> HTML {
    let investigation = try reading.ask(InvestigationOfCase(infection: infection))
    let day = try InterviewDay(said, own: own, request: request, reading: reading, mayAsk: mayAsk)
    return HTML([
      look.title(title, back + reveal + deadline(investigation)),
      look.row([progress, established(investigation)]),
      look.columns(
        [
          look.stack(try InterviewTopic.questions.map(question)),
          look.stack([try day.html(), struck]),
        ], .even),
      try CaseTrajectory(
        person: said.person, investigation: investigation, reading: reading, said: said
      ).html(id: "line"),
    ])
  }

  private var back: HTML {
    look.link(
      look("病例 \(infection)", "Case \(infection)"),
      to: "/cases/\(Address.escaped(infection.text))")
  }

  private var reveal: HTML {
    if request.query["reveal"] == "true" || !said.pieces.contains(where: { $0.name != nil }) {
      return ""
    }
    return look.reveal(
      at: own.with([:]).text, purposes: [.investigation, .supervision], id: "said",
      hidden: [("reveal", "true")]
        + (request.query["day"].map { [("day", $0)] } ?? []))
  }

  private func deadline(_ investigation: InvestigationOfCase.Answer) -> HTML {
    let step = investigation.steps.first { $0.kind == TracingObligations.trajectory.name }
    guard let step else { return "" }
    return look.chip(
      step.closedAt.map { look.closed($0, deadline: step.deadline) }
        ?? look.deadline(step.deadline))
  }

  /// The step of the clock that this call is for, done with one press.
  private func established(_ investigation: InvestigationOfCase.Answer) -> HTML {
    let step = investigation.steps.first { $0.kind == TracingObligations.trajectory.name }
    guard mayAsk, let step, step.closedAt == nil else { return "" }
    return look.form(
      FinishObligation.name, for: request, hidden: [("obligation", step.obligation.text)],
      buttons: look.plainButton(look(TracingObligations.trajectory.action)), isInline: true)
  }

  /// How far the call has come, in words.
  private var progress: HTML {
    let asked = InterviewTopic.questions.filter { !standing($0).isEmpty }.count
    let infectious = said.days.filter(\.isInfectious)
    let whole = infectious.filter(\.gaps.isEmpty).count
    let leads = Set(said.pieces.filter { $0.isLooked && $0.struckAt == nil }.compactMap(\.lead))
    return look.note(
      look.dotted([
        look(
          "已问 \(asked) / \(InterviewTopic.questions.count) 题",
          "\(asked) of \(InterviewTopic.questions.count) questions asked"),
        look(
          "传染期 \(infectious.count) 天中 \(whole) 天没有空白",
          "\(whole) of \(infectious.count) infectious days without a gap"),
        leads.isEmpty ? nil : look("待查线索 \(leads.count) 条", "\(leads.count) leads open"),
        look("每记一条就已保存", "each piece is saved as it is entered"),
      ]))
  }

  private func standing(_ topic: InterviewTopic) -> [InterviewOfCase.Piece] {
    said.pieces.filter { $0.topic == topic && $0.struckAt == nil }
  }

  private func question(_ topic: InterviewTopic) throws -> HTML {
    let pieces = standing(topic)
    let symptoms = try reading.policy(InterviewPolicy.self).symptoms
    let lines = pieces.map { piece in
      SaidPiece(
        piece: piece, symptoms: symptoms, reading: reading, request: request, mayAsk: mayAsk)
    }
    let chip =
      pieces.last.map { Look.Label(look($0.answer.words), $0.answer == .told ? .done : .soon) }
      ?? Look.Label(look("还没问", "not asked yet"), .neutral)
    let number = (InterviewTopic.questions.firstIndex(of: topic) ?? 0) + 1
    let form = mayAsk ? self.form(topic, symptoms) : ""
    // The next question stands open; those after it open when they are pressed.
    let isNext = InterviewTopic.questions.first { standing($0).isEmpty } == topic
    return look.panel(
      "\(number) \(look(topic.words))", id: "ask-\(topic.rawValue)", chip: chip,
      HTML(try lines.map { try $0.html() })
        + (isNext || !mayAsk
          ? form
          : look.disclosure(
            pieces.isEmpty ? look("问这一题", "Ask this") : look("再记一条", "Add to it"),
            id: "more-\(topic.rawValue)", form)))
  }

  private func form(_ topic: InterviewTopic, _ symptoms: [InterviewPolicy.Symptom]) -> HTML {
    var fields: [Look.Field] = []
    switch topic {
    case .onset:
      fields = [
        .init(
          "onset_on", look("哪天开始不舒服", "First day of feeling ill"), .day,
          hint: look("记下后病例的发病日期随之更正", "the case’s day of onset is corrected with it")),
        .init("words", look("怎么开始的", "How it began")),
      ]
    case .symptoms:
      fields = [
        .init(
          "symptoms", look("有哪些症状", "Which symptoms"),
          .several(symptoms.map { .init($0.code, look($0.title)) })),
        .init("words", look("其他", "Anything else")),
      ]
    case .household:
      fields = [
        .init(
          "words", look("和谁一起住，最近有谁来过", "Who lives there, who has visited"), .long,
          hint: look(
            "同户在台账上的人会自动列为密接", "those in the register behind the same door are found anyway"))
      ]
    case .work:
      fields = [
        .init(
          "words", look("在哪里上班、做什么、和谁一起", "Where, doing what, with whom"), .long,
          hint: look("上班的时段请记在当天", "hours at work belong to the day"))
      ]
    case .day, .stay, .ride, .meeting: break
    }
    return look.form(
      NoteAnswer.name, for: request,
      hidden: [("topic", topic.rawValue), ("infection", infection.text)], fields: fields,
      buttons: InterviewButtons(look: look).all, anchor: "ask-\(topic.rawValue)")
  }

  /// What was struck, to be read.
  private var struck: HTML {
    let gone = said.pieces.filter { $0.struckAt != nil }
    if gone.isEmpty { return "" }
    let rows = gone.map { piece in
      Look.TableRow(
        piece.struckAt.map { look.moment($0) } ?? "",
        cells: [
          .text(
            look.dotted([
              look(piece.topic.words), piece.day.map { look.day($0) },
              piece.span.map { "\(look.time($0.from))–\(look.time($0.to))" }, piece.venue?.text,
              piece.name, piece.words,
            ])), .text(piece.struckReason ?? ""),
        ])
    }
    return look.disclosure(
      look("已划去 \(gone.count) 条", "\(gone.count) struck"), id: "struck",
      look.table(
        look("已划去", "Struck"),
        columns: [
          .init(look("何时", "When")), .init(look("内容", "What")), .init(look("原因", "Reason")),
        ], rows: rows))
  }
}

/// The three answers to a question.
struct InterviewButtons {
  let look: Look

  /// The first is what Enter does.
  var all: HTML {
    look.primaryButton(look("记下", "Save"))
      + look.valueButton(
        look("不清楚", "Not known"), name: "answer", value: InterviewAnswer.notKnown.rawValue)
      + look.valueButton(
        look("不愿说", "Refused"), name: "answer", value: InterviewAnswer.refused.rawValue)
  }
}
