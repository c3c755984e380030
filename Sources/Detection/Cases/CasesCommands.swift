import Gazette
import Kernel
import Registry

/// Reports one case, with the columns of the file of cases.
package struct ReportCase: Command {
  package struct Answer: Codable, Sendable {
    package let infection: CaseID
    package let person: PersonID
    package let verdict: CaseVerdict

    private enum CodingKeys: String, CodingKey {
      case infection = "case"
      case person
      case verdict
    }
  }

  package static let name = "cases.report"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "cases.report"
  package let row: CaseRow

  package init(_ row: CaseRow) { self.row = row }
  package init(from decoder: any Decoder) throws { row = try CaseRow(from: decoder) }
  package func encode(to encoder: any Encoder) throws { try row.encode(to: encoder) }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Answer {
    let (infection, verdict) = try work.takeReport(row)
    return Answer(infection: infection.id, person: infection.person, verdict: verdict)
  }
}

/// Takes in rows of a file of cases.
package struct ImportCases: Command {
  package static let name = "cases.import"
  package static let duty: Duty = ReportCase.duty
  package let rows: [Fields]
  package let run: String?

  package init(rows: [Fields], run: String? = nil) {
    self.rows = rows
    self.run = run
  }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> ImportAnswer {
    var answer = ImportAnswer()
    for (index, fields) in rows.enumerated() {
      do {
        let row = try fields.decoded(CaseRow.self, strict: false)
        switch try work.takeReport(row).verdict {
        case .accepted, .converted:
          answer.accepted += 1
        case .duplicate:
          answer.outcomes.append(
            .init(
              row: index, verdict: .duplicate, code: "case.known",
              words: Words("病例已在册且内容一致", "The case is known with the same content")))
        }
      } catch let refusal as Refusal {
        answer.reject(index, refusal)
      }
    }
    return answer
  }
}

/// Says that an asymptomatic infection became a confirmed case.
package struct ConvertCase: Command {
  package static let name = "cases.convert"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = ReportCase.duty
  package let infection: CaseID
  package let at: Instant
  package let onsetOn: Day?

  private enum CodingKeys: String, CodingKey {
    case infection = "case"
    case at
    case onsetOn = "onset_on"
  }

  package init(infection: CaseID, at: Instant, onsetOn: Day? = nil) {
    self.infection = infection
    self.at = at
    self.onsetOn = onsetOn
  }

  package func area(in work: Work) throws -> Area {
    .path(try CasesStore(work.transaction).get(infection).path)
  }

  package func perform(in work: Work) throws -> Done {
    let known = try CasesStore(work.transaction).get(infection)
    guard known.withdrawnAt == nil else { throw Refusal.withdrawnCase() }
    guard known.kind == .asymptomatic, known.convertedAt == nil else {
      throw Refusal(
        .conflict, "case.confirmedAlready",
        Words("该病例已是确诊病例，无需转归", "This is a confirmed case already"), field: "case")
    }
    _ = try work.convert(known, at: at, as: known.id, onset: onsetOn)
    return Done()
  }
}

/// Takes a case back: it was none after all.
package struct WithdrawCase: Command {
  package static let name = "cases.withdraw"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "cases.correct"
  package let infection: CaseID
  package let reason: String

  private enum CodingKeys: String, CodingKey {
    case infection = "case"
    case reason
  }

  package init(infection: CaseID, reason: String) {
    self.infection = infection
    self.reason = reason
  }

  package func area(in work: Work) throws -> Area {
    .path(try CasesStore(work.transaction).get(infection).path)
  }

  package func perform(in work: Work) throws -> Done {
    let store = CasesStore(work.transaction)
    var known = try store.get(infection)
    guard known.withdrawnAt == nil else { throw Refusal.withdrawnCase() }
    known.withdrawnAt = work.now
    known.withdrawalReason = reason
    try store.update(known)
    try work.waive(Cases.transfer, about: known.id.text, reason: "withdrawn")
    try work.waive(Cases.investigate, about: known.id.text, reason: "withdrawn")
    try work.record(CaseWithdrawn(infection: known.id, person: known.person))
    return Done()
  }
}
