import Gazette
import Kernel

/// The ten symptoms asked at each health check (RULES 7).
package enum Symptom {
  /// The code that says there is none.
  package static let none = "none"

  package static let choices: [(code: String, words: Words)] = [
    (none, Words("无", "None")),
    ("fever", Words("发热", "Fever")),
    ("dry_cough", Words("干咳", "Dry cough")),
    ("fatigue", Words("乏力", "Fatigue")),
    ("smell_taste", Words("嗅觉或味觉减退", "Loss of smell or taste")),
    ("stuffy_nose", Words("鼻塞", "Stuffy nose")),
    ("runny_nose", Words("流涕", "Runny nose")),
    ("sore_throat", Words("咽痛", "Sore throat")),
    ("conjunctivitis", Words("结膜炎", "Conjunctivitis")),
    ("muscle_pain", Words("肌痛", "Muscle pain")),
    ("diarrhoea", Words("腹泻", "Diarrhoea")),
  ]
}

/// What a restriction makes owed.
package enum RestrictionDuties {
  /// What applies to the person, and what waits for a decision about them.
  private static let page = "/restrictions/of/:person"

  package static let notify = ObligationKind(
    MeasureObligations.notice, title: Words("送达告知书", "Deliver the notice"),
    action: Words("已送达", "Delivered"), goesWithPerson: true, page: page)

  package static let transfer = ObligationKind(
    MeasureObligations.transfer,
    title: Words("转运至集中隔离点", "Move to the isolation site"), action: Words("已入住", "Moved in"),
    goesWithPerson: true, page: page)

  package static let test = ObligationKind(
    "restrictions.test", title: Words("上门核酸采样", "Take the scheduled sample"),
    action: Words("已采样", "Sample taken"), goesWithPerson: true, page: page)

  /// What a thermometer can show of somebody alive, in degrees Celsius.
  package static let temperatures = 35.0...42.0

  package static let health = ObligationKind(
    "restrictions.health", title: Words("测温问症", "Ask temperature and symptoms"),
    action: Words("登记", "Record"),
    proof: [
      ProofField(
        "temperature", Words("体温（℃）", "Temperature (°C)"), .number(unit: "℃", temperatures)),
      ProofField("symptom", Words("症状", "Symptom"), .choice(Symptom.choices)),
    ], goesWithPerson: true, page: page)

  package static let medical = ObligationKind(
    "restrictions.medical",
    title: Words("发热或出现症状，立即联系医疗", "Fever or symptoms: get medical help at once"),
    action: Words("已处置", "Seen to"), goesWithPerson: true, page: page)

  package static let approve = ObligationKind(
    "restrictions.approve",
    title: Words("复核并批准管控措施", "Decide as second person on a restriction"),
    action: Words("去复核", "Decide"),
    closing: .byDecision(
      Words(
        "由另一单位的人员批准或不批准该管控申请",
        "another organisation approves or declines the request")),
    goesWithPerson: true, page: page)

  package static let approveEnd = ObligationKind(
    "restrictions.approveEnd",
    title: Words("复核提前解除申请", "Decide as second person on an early end"),
    action: Words("去复核", "Decide"),
    closing: .byDecision(
      Words(
        "由另一单位的人员批准或不批准提前解除",
        "another organisation approves or declines the early end")),
    goesWithPerson: true, page: page)

  package static let approveTransfer = ObligationKind(
    "restrictions.approveTransfer",
    title: Words("外出被发现，复核是否转集中隔离", "Met elsewhere: decide as second person on a transfer"),
    action: Words("去复核", "Decide"),
    closing: .byDecision(
      Words(
        "由另一单位的人员批准或不批准转集中隔离",
        "another organisation approves or declines the transfer")),
    goesWithPerson: true, page: page)

  package static let approveHeld = ObligationKind(
    "restrictions.held",
    title: Words("一人所致措施超过上限，第二人复核后才生效", "More than one may cause: decide as second person"),
    action: Words("去复核", "Decide"),
    closing: .byDecision(
      Words(
        "由另一单位的人员核对预览和抽样后批准或不批准",
        "another organisation looks at the preview and the sample and decides"
      )), page: "/restrictions/held/:subject")

  package static let alarm = ObligationKind(
    "restrictions.alarm",
    title: Words(
      "有账号对多人采取或解除措施，立即核查", "An account restricts or frees many: look into it at once"),
    action: Words("已核查", "Looked into"),
    proof: [
      ProofField(
        "finding", Words("结论", "Finding"),
        .choice([
          ("misuse", Words("滥用", "misuse")), ("mistake", Words("操作失误", "mistake")),
          ("outbreak", Words("确属疫情", "a real outbreak")),
        ]))
    ])

  /// The clock of the machine was believed by hand after a jump.
  package static let clock = ObligationKind(
    "restrictions.clock",
    title: Words("服务器时钟被人工确认，核查是谁、为什么", "The clock was accepted by hand: look into who and why"),
    action: Words("已核查", "Looked into"),
    proof: [
      ProofField(
        "finding", Words("结论", "Finding"),
        .choice([
          ("misuse", Words("滥用", "misuse")), ("mistake", Words("操作失误", "mistake")),
          ("repair", Words("校准故障时钟", "a faulty clock was set right")),
        ]))
    ])

  /// A version of the policy that has decided is missing, or says something else.
  package static let editions = ObligationKind(
    "restrictions.editions",
    title: Words(
      "作出过决定的政策版本缺失或被改动，核查并恢复",
      "A version of the policy that has decided is missing or was changed: look into it"),
    action: Words("去核查", "Look into it"),
    closing: .byDecision(
      Words(
        "把原政策文件放回数据目录的 policies/ 并重新启动服务",
        "the policy file as it was is back in policies/ and the server started again")))

  package static let decideObjection = ObligationKind(
    "objections.decide", title: Words("复核居民异议", "Decide a resident's objection"),
    action: Words("去复核", "Decide"),
    closing: .byDecision(
      Words(
        "由作出措施以外的单位对该异议作出决定",
        "another organisation decides the objection")),
    goesWithPerson: true, page: "/objections/:subject")

  package static let all = [
    notify, transfer, test, health, medical, approve, approveEnd, approveTransfer, approveHeld,
    alarm, clock, editions, decideObjection,
  ]
}
