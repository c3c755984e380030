import Gazette
import Kernel
import Registry

/// The resident's own report of temperature and symptoms. It answers the same health check that a
/// worker would ask at the door, and a fever or a symptom calls the same doctor. Whoever has reported
/// already and falls ill says so at once; only what is well waits for the next check.
package struct ReportOwnHealth: Command {
  package static let name = "home.reportOwn"
  package static let urgency = Urgency.help
  package static let duty: Duty = .ownFile
  /// In degrees Celsius.
  package let temperature: Double
  /// A code of the ten symptoms, or `none`.
  package let symptom: String
  /// A child of the same home for whom a parent reports; nil, or the own number, for oneself.
  package let person: PersonID?

  package init(temperature: Double, symptom: String, person: PersonID? = nil) {
    self.temperature = temperature
    self.symptom = symptom
    self.person = person
  }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> Done {
    let own = try work.requireOwnFile()
    let others = try ResidentsStore(work.transaction).identifiers(of: own.id)
    let child = person.flatMap { others.contains($0) ? nil : $0 }
    let about = try child.map { try requireChild($0, of: own, in: work) } ?? own
    let range = RestrictionDuties.temperatures
    guard range.contains(temperature) else {
      throw Refusal(
        .invalid, "home.temperature",
        Words(
          "体温应在 \(Int(range.lowerBound)) 到 \(Int(range.upperBound)) ℃ 之间，请重新测量后填写",
          "A temperature lies between \(Int(range.lowerBound)) and \(Int(range.upperBound)) °C; take it again"
        ),
        field: "temperature")
    }
    guard Symptom.choices.contains(where: { $0.code == symptom }) else {
      throw Refusal(
        .invalid, "home.symptom",
        Words("请从列表中选择症状；没有症状请选“无”", "Choose a symptom of the list, or “None”"),
        field: "symptom")
    }
    let finder = OwnHealthFinder(
      transaction: work.transaction, now: work.now, zone: work.zone,
      gapMinutes: try work.homeInForce()?.reportGapMinutes ?? 0)
    switch try finder.due(of: about.id) {
    case .nothing:
      throw Refusal(
        .conflict, "home.nothingDue",
        Words(
          "今天没有需要报告的体温。不舒服请打 120 或在本页选“看医生”",
          "No temperature is asked of you today. If you feel ill, call 120 or ask for a doctor here"
        ))
    case .atSite:
      throw Refusal(
        .conflict, "home.atSite",
        Words("您在隔离点，由隔离点人员上门测温", "You are at an isolation site: its staff take the temperature"))
    case .notYet(let from, let restriction):
      let time = from.map { $0.clock(in: work.zone).time }
      guard try feelsWorse(about.id, restriction, in: work) else {
        throw Refusal(
          .conflict, "home.notYet",
          Words(
            "已经报过了，谢谢。\(time.map { "下一次请在 \($0) 以后报告" } ?? "今天不用再报")；不舒服可随时再报",
            "You have reported, thank you. \(time.map { "The next is due after \($0)" } ?? "Nothing more today"); report at once if you feel ill"
          ))
      }
    case .due(let obligation):
      try work.discharge(obligation, proof: proof)
    }
    return Done()
  }

  private var proof: [String: String] {
    ["temperature": format(temperature), "symptom": symptom, "by": "resident"]
  }

  /// Calls the doctor for somebody who is ill between two checks; false when they are well.
  private func feelsWorse(
    _ person: PersonID, _ restriction: Restriction, in work: Work
  ) throws -> Bool {
    guard let (policy, _) = try work.restrictionsInForce(),
      RestrictionsRules.alarm(
        in: .object(proof.mapValues { .text($0) }), feverCelsius: policy.feverCelsius) != nil
    else { return false }
    try work.record(
      HomeFeltWorse(
        person: person, restriction: restriction.id, temperature: temperature, symptom: symptom))
    try work.hear(of: person)
    // Once: who is waited for is not called a second time.
    let waiting = try ObligationStore(work.transaction).owed(
      RestrictionDuties.medical.name, about: restriction.id.text)
    if waiting.isEmpty {
      try work.oblige(
        RestrictionDuties.medical, restriction, by: work.now + .minutes(policy.medicalMinutes))
    }
    return true
  }

  /// One digit after the point, as thermometers show it.
  private func format(_ celsius: Double) -> String {
    let tenths = Int((celsius * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  /// A child below the age at which a guardian carries its code, of the same door.
  private func requireChild(
    _ child: PersonID, of parent: Resident, in work: Work
  ) throws -> Resident {
    let resident = try ResidentsStore(work.transaction).current(child)
    guard let resident, try work.isOwnChild(resident, of: parent) else {
      throw Refusal(
        .forbidden, "home.notYourChild",
        Words(
          "只能为同住的年幼子女代报，请让本人或网格员报告",
          "You report for young children of your home only; others report themselves, or the grid worker does"
        ),
        field: "person")
    }
    return resident
  }
}

/// Which health check is due of somebody on their own page.
struct OwnHealthFinder {
  /// What a report would answer.
  enum Found {
    case due(Obligation)
    /// Reported already; from when on the next is asked, nil when none is today, and by which measure.
    case notYet(from: Instant?, by: Restriction)
    case nothing
    case atSite
  }

  let transaction: any Transaction
  let now: Instant
  let zone: Zone
  let gapMinutes: Int

  func due(of person: PersonID) throws -> Found {
    let today = Day(of: now, in: zone)
    let store = ObligationStore(transaction)
    let effective = try RestrictionsStore(transaction).effective(for: person, at: now)
    let checks = try effective.flatMap { try store.about($0.id.text) }
      .filter {
        $0.kind == RestrictionDuties.health.name
          && Day(of: $0.deadline - .milliseconds(1), in: zone) == today
      }
    guard let asked = checks.max(by: { $0.deadline < $1.deadline }),
      let restriction = effective.first(where: { $0.id.text == asked.subject })
    else { return .nothing }
    if try StaysStore(transaction).running(of: person).contains(where: { $0.arrivedAt != nil }) {
      return .atSite
    }
    switch HomeRules.due(among: checks, at: now, gapMinutes: gapMinutes) {
    case .due(let obligation): return .due(obligation)
    case .notYet(let from): return .notYet(from: from, by: restriction)
    case .nothing: return .notYet(from: nil, by: restriction)
    }
  }
}

extension Work {
  /// The file of the resident who sends this.
  func requireOwnFile() throws -> Resident {
    guard case .resident(let person) = authority.sender else {
      throw Refusal(
        .forbidden, "resident.only", Words("仅供居民本人办理", "Only the resident can do this"))
    }
    return try ResidentsStore(transaction).survivor(of: person)
  }

  func isOwnChild(_ child: Resident, of parent: Resident) throws -> Bool {
    let years = try policy(PassesPolicy.self).childBelowYears
    return try HomeRules.isOwnChild(
      child, of: parent, childBelowYears: years, on: today,
      isDoor: PlacesStore(transaction).find(parent.home)?.level == .household)
  }
}

extension HomeRules {
  /// Whether somebody is a young child behind the same door, and the other one is none.
  static func isOwnChild(
    _ child: Resident, of parent: Resident, childBelowYears: Int, on day: Day, isDoor: Bool
  ) -> Bool {
    guard isDoor, child.id != parent.id, child.home == parent.home,
      let age = child.birthDay?.age(on: day), age < childBelowYears
    else { return false }
    return parent.birthDay.map { $0.age(on: day) >= childBelowYears } ?? true
  }
}
