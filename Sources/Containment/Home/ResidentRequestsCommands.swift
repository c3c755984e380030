import Gazette
import Kernel
import Registry

/// Asks for supplies, medicine, a doctor or other help on one's own page.
package struct AskForHelp: Command {
  package struct Answer: Codable, Sendable {
    package let request: ResidentRequestID
    /// Until when somebody answers.
    package let due: Instant
  }

  package static let name = "home.ask"
  package static let urgency = Urgency.help
  package static let duty: Duty = .ownFile
  /// A code of the policy's list.
  package let kind: String
  package let text: String?

  package init(kind: String, text: String? = nil) {
    self.kind = kind
    self.text = text
  }

  package func area(in work: Work) -> Area { .own }

  package func perform(in work: Work) throws -> Answer {
    let own = try work.requireOwnFile()
    let policy = try work.policy(RequestsPolicy.self)
    guard let kind = policy.kind(self.kind) else {
      let known = policy.kinds.map(\.code).joined(separator: " | ")
      throw Refusal.malformed("kind", self.kind, expected: Words(known, known))
    }
    let text = text?.trimmingWhitespace() ?? ""
    guard text.count <= policy.longestText else {
      throw Refusal(
        .invalid, "home.textTooLong",
        Words(
          "请写在 \(policy.longestText) 字以内", "Write it in \(policy.longestText) characters at most"),
        field: "text")
    }
    let counts = try work.residentRequests.counts(of: own.id, since: work.now - .hours(24))
    // A doctor is never refused for how often one asked.
    guard kind.urgent || (counts.open < policy.mostOpen && counts.asked < policy.mostADay) else {
      throw Refusal(
        .conflict, "home.manyRequests",
        Words(
          "您的求助已在处理，请先等答复；急事请打 120 或社区电话",
          "What you asked is being seen to; wait for the answer. In an emergency call 120 or the community"
        ))
    }
    let place = try work.whereIs(own)
    let request = ResidentRequest(
      id: work.newID(), person: own.id, place: place.id, path: place.path, kind: kind.code,
      askedAt: work.now, dueAt: work.now + .minutes(kind.minutes), answeredAt: nil)
    let sealed =
      text.isEmpty
      ? nil : try work.vault.lock(text, place: ResidentRequestsStore.place(of: request.id))
    try work.residentRequests.insert(request, sealedText: sealed)
    try work.record(ResidentAsked(request: request.id, person: own.id, kind: kind.code))
    try work.oblige(
      kind.urgent ? HomeDuties.doctor : HomeDuties.request, about: request.id.text,
      person: own.id, at: place.id, by: request.dueAt)
    return Answer(request: request.id, due: request.dueAt)
  }
}

extension Work {
  /// Where a resident is: at the isolation site, or at home.
  func whereIs(_ resident: Resident) throws -> (id: PlaceID, path: PlacePath) {
    let stay = try StaysStore(transaction).running(of: resident.id).first { $0.arrivedAt != nil }
    return stay.map { ($0.site, $0.path) } ?? (resident.home, resident.path)
  }
}
