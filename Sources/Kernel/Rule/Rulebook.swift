/// What decisions rest on besides the rows: policies, the working calendar and the zone.
package struct Rulebook: Sendable {
  package let policies: PolicyLibrary
  package let calendar: WorkingCalendar
  package let zone: Zone
  package let references: [any ReferenceTable]
  /// What helps to find answers in the rows, and is made anew from them at any time.
  package private(set) var instruments: [any Instrument] = []

  package init(
    policies: PolicyLibrary, calendar: WorkingCalendar, zone: Zone,
    references: [any ReferenceTable] = []
  ) {
    self.references = references
    self.policies = policies
    self.calendar = calendar
    self.zone = zone
  }
}

/// Something at hand beside the rows that is made from them, such as an index in the data folder. The
/// rows stay the truth: without it the same is found, only more slowly.
package protocol Instrument: Sendable {
  /// Brings it nearer to what the rows say; called with each turn of the clock, on every node.
  func tend(_ desk: Desk) async throws
}

extension Rulebook {
  /// The same rules with an instrument more.
  package func with(_ instrument: any Instrument) -> Rulebook {
    var rules = self
    rules.instruments.append(instrument)
    return rules
  }
}

/// The policy sections that one piece of work asked, so that it can name the versions that decided.
final class PolicyReader {
  let rules: Rulebook
  let today: Day
  private(set) var references: [String] = []

  init(_ rules: Rulebook, today: Day) {
    self.rules = rules
    self.today = today
  }

  func section<Section: PolicySection>(
    _ type: Section.Type, on day: Day?
  ) throws(Refusal) -> (section: Section, edition: PolicyEdition) {
    let found = try rules.policies.section(type, on: day ?? today)
    if !references.contains(found.edition.reference) { references.append(found.edition.reference) }
    return found
  }

  /// `cn-9@1 offices@1`; empty when none was asked.
  var text: String { references.sorted().joined(separator: " ") }
}
