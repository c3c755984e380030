import Kernel
import Registry

/// A way out for care as lists show it: neither where to nor why.
package struct OutingView: Codable, Sendable {
  package let outing: OutingID
  package let person: PersonID
  /// The name with all but its first character hidden.
  package let name: String
  package let home: PlaceID
  package let state: Outing.State
  package let isEmergency: Bool
  package let leaveAt: Instant
  package let askedAt: Instant
  package let askedBy: String
  package let decidedAt: Instant?
  package let decidedBy: String?
  package let legs: [Leg]
  package let vehicle: String?
  /// In which they went there, once they are on the way back.
  package let vehicleThere: String?

  /// A leg that was said.
  package struct Leg: Codable, Sendable {
    package let state: Outing.State
    package let at: Instant
    package let by: String
  }
}

/// One way out for care with what was written about it.
package struct ShowOuting: Query {
  package struct Answer: Codable, Sendable {
    package let view: OutingView
    /// Empty when it was forgotten.
    package let destination: String
    package let reason: String
    package let refusal: String?
    /// Who drives, or drove last.
    package let driver: String?
    /// Who drove there, once they are on the way back.
    package let driverThere: String?
    /// Until when the next leg, or the decision, is expected.
    package let due: Instant?
  }

  package static let name = "home.outing"
  package static let duty: Duty = ListHomeHouseholds.duty
  package static let purposes: [Purpose] = ListHomeHouseholds.purposes
  package let outing: OutingID

  package init(outing: OutingID) { self.outing = outing }

  package func area(in reading: Reading) throws -> Area {
    .path(try OutingsStore(reading.transaction).get(outing).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    try reading.shown(OutingsStore(reading.transaction).get(outing))
  }
}

/// What a resident asked for, with the words, for the offices that answer.
package struct ShowResidentRequest: Query {
  package struct Answer: Codable, Sendable {
    package let request: ResidentRequestView
    package let person: PersonID
    package let name: String
    package let obligation: ObligationID?
  }

  package static let name = "home.request"
  package static let duty: Duty = ListHomeHouseholds.duty
  package static let purposes: [Purpose] = ListHomeHouseholds.purposes
  package let request: ResidentRequestID

  package init(request: ResidentRequestID) { self.request = request }

  package func area(in reading: Reading) throws -> Area { .path(try found(in: reading).path) }

  package func answer(in reading: Reading) throws -> Answer {
    let found = try found(in: reading)
    let resident = try ResidentsStore(reading.transaction).current(found.person)
    reading.disclose(resident?.id ?? found.person)
    let owed = try ObligationStore(reading.transaction).about(found.id.text).first(where: \.isOwed)
    return Answer(
      request: try reading.view(found), person: resident?.id ?? found.person,
      name: resident.map(reading.masked) ?? "", obligation: owed?.id)
  }

  private func found(in reading: Reading) throws -> ResidentRequest {
    guard let found = try ResidentRequestsStore(reading.transaction).find(request) else {
      throw Refusal.notFound(Words("求助", "request"), request.text, field: "request")
    }
    // Whoever has moved since is answered where they live.
    guard let owed = try ObligationStore(reading.transaction).about(found.id.text).last else {
      return found
    }
    return ResidentRequest(
      id: found.id, person: found.person, place: owed.place, path: owed.path, kind: found.kind,
      askedAt: found.askedAt, dueAt: found.dueAt, answeredAt: found.answeredAt)
  }
}

/// Who of a home cannot be alone, who cares for them, and who could.
package struct ShowCare: Query {
  /// Somebody who could care.
  package struct Candidate: Codable, Sendable {
    package let person: PersonID
    package let name: String
  }

  package struct Answer: Codable, Sendable {
    package let person: PersonID
    package let name: String
    package let home: PlaceID
    package let isDependent: Bool
    package let carer: String?
    package let since: Instant?
    package let candidates: [Candidate]
  }

  package static let name = "home.care"
  package static let duty: Duty = ListHomeHouseholds.duty
  package static let purposes: [Purpose] = ListHomeHouseholds.purposes
  package let person: PersonID

  package init(person: PersonID) { self.person = person }

  package func area(in reading: Reading) throws -> Area {
    .path(try ResidentsStore(reading.transaction).survivor(of: person).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let residents = ResidentsStore(reading.transaction)
    let resident = try residents.survivor(of: person)
    reading.disclose(resident.id)
    let sharing = try reading.policy(IsolationPolicy.self).sharing
    let finder = HouseholdFinder(
      transaction: reading.transaction, now: reading.now, today: reading.today,
      registry: try reading.policy())
    let named = try HomeStore(reading.transaction).carer(of: resident.id)
    let carer = try named.flatMap { try residents.current($0.carer) }
    if let carer { reading.disclose(carer.id) }
    let able = try finder.members(with: resident).filter { other in
      other.member.person != resident.id && other.member.isHome
        && HomeRules.mayCare(other.member, sharing)
    }
    for other in able { reading.disclose(other.member.person) }
    return Answer(
      person: resident.id, name: reading.masked(resident), home: resident.home,
      isDependent: HomeRules.isDependent(try finder.member(resident), sharing),
      carer: carer.map(reading.masked), since: named?.since,
      candidates: able.map {
        Candidate(person: $0.member.person, name: reading.masked($0.resident))
      })
  }
}

/// What a resident asked for, as it is shown to them and to whom answers.
package struct ResidentRequestView: Codable, Sendable {
  package let request: ResidentRequestID
  package let kind: String
  package let words: Words
  package let text: String
  package let askedAt: Instant
  package let due: Instant
  /// The post, or the account, that has it.
  package let seat: String
  package let claimedBy: AccountID?
  package let answeredAt: Instant?
  /// `done`, `partly` or `not`.
  package let outcome: String?
  package let answer: String?
}

extension Reading {
  /// - Parameter isOwn: whether the person themself reads it: that is no look at anybody.
  func view(_ outing: Outing, isOwn: Bool = false) throws -> OutingView {
    let resident = try ResidentsStore(transaction).current(outing.person)
    if !isOwn { disclose(resident?.id ?? outing.person) }
    let legs: [(Outing.State, Instant?, String?)] = [
      (.out, outing.departedAt, outing.departedBy), (.there, outing.arrivedAt, outing.arrivedBy),
      (.back, outing.backAt, outing.backBy), (.home, outing.homeAt, outing.homeBy),
    ]
    return OutingView(
      outing: outing.id, person: resident?.id ?? outing.person,
      name: resident.map(masked) ?? "", home: outing.home, state: outing.state,
      isEmergency: outing.isEmergency, leaveAt: outing.leaveAt, askedAt: outing.askedAt,
      askedBy: outing.askedBy, decidedAt: outing.decidedAt, decidedBy: outing.decidedBy,
      legs: legs.compactMap { state, at, by in
        at.map { OutingView.Leg(state: state, at: $0, by: by ?? "") }
      }, vehicle: outing.vehicle, vehicleThere: outing.vehicleThere)
  }

  func shown(_ outing: Outing, isOwn: Bool = false) throws -> ShowOuting.Answer {
    let sealed = try OutingsStore(transaction).sealed(of: outing.id)
    func open(_ bytes: [UInt8]?, _ what: String) throws -> String? {
      try bytes.map { try vault.unlock($0, place: OutingsStore.place(of: outing.id, what)) }
    }
    let purpose = try open(sealed.purpose, "purpose") ?? ""
    let parts = purpose.split(separator: "\n", maxSplits: 1).map(String.init)
    let due = try ObligationStore(transaction).about(outing.id.text).first(where: \.isOwed)
    return ShowOuting.Answer(
      view: try view(outing, isOwn: isOwn), destination: parts.first ?? "",
      reason: parts.count > 1 ? parts[1] : "", refusal: try open(sealed.refusal, "refusal"),
      driver: try open(sealed.driver, "driver"),
      driverThere: try open(sealed.driverThere, "driver"), due: due?.deadline)
  }

  func view(_ request: ResidentRequest) throws -> ResidentRequestView {
    let kind = try policy(RequestsPolicy.self).kind(request.kind)
    let sealed = try ResidentRequestsStore(transaction).sealedText(of: request.id)
    let obligation = try ObligationStore(transaction).about(request.id.text).last
    let proof = try obligation?.proof.map { try Fields.json(Array($0.utf8)) }
    func said(_ field: String) -> String? {
      if case .text(let text)? = proof?[field], !text.isEmpty { text } else { nil }
    }
    return ResidentRequestView(
      request: request.id, kind: request.kind,
      words: kind?.words ?? Words(request.kind, request.kind),
      text: try sealed.map {
        try vault.unlock($0, place: ResidentRequestsStore.place(of: request.id))
      } ?? "",
      askedAt: request.askedAt, due: request.dueAt,
      seat: obligation?.seat.description ?? "", claimedBy: obligation?.claimedBy,
      answeredAt: obligation?.isOwed == false ? obligation?.closedAt : nil,
      outcome: said("outcome"), answer: said("answer") ?? obligation?.reason)
  }
}
