import Gazette
import Kernel
import Registry

/// Gathers what tracing has found and people have said of where cases were infected.
struct TransmissionEvidence {
  let transaction: any Transaction
  let policy: TransmissionPolicy
  let zone: Zone

  init(_ transaction: any Transaction, _ policy: TransmissionPolicy, _ zone: Zone) {
    self.transaction = transaction
    self.policy = policy
    self.zone = zone
  }

  /// The likely sources of a case that follow from the exposures of the contact who became it: one for
  /// each earlier case, on the strongest of the exposures to it.
  func proposals(for infection: Infection) throws -> [TransmissionLink] {
    let store = ContactsStore(transaction)
    let own = TransmissionCase(infection, in: zone)
    var best: [CaseID: TransmissionLink] = [:]
    for contact in try store.all(of: infection.person) where contact.state == .becameCase {
      for exposure in try store.exposures(of: contact.id)
      where exposure.degree == 1 && exposure.infection != infection.id {
        guard let infector = try earlier(exposure.infection, than: own) else { continue }
        let link = TransmissionLink(exposure, of: infection.id)
        let known = best[infector.id]
        if known.map({ isStronger(link, than: $0, infected: own, infector) }) != false {
          best[infector.id] = link
        }
      }
    }
    return best.values.sorted { ($0.infector?.text ?? "") < ($1.infector?.text ?? "") }
  }

  /// A case that is near enough in time to be the source of another and fell ill before it.
  private func earlier(
    _ id: CaseID, than own: TransmissionCase
  ) throws -> TransmissionCase? {
    guard let found = try CasesStore(transaction).find(id), found.withdrawnAt == nil else {
      return nil
    }
    let infector = TransmissionCase(found, in: zone)
    guard infector.isEarlier(than: own), own.day - infector.day <= policy.candidateDays else {
      return nil
    }
    return infector
  }

  /// A possible exposure before one that contradicts itself, then the weightier, then the longer.
  private func isStronger(
    _ link: TransmissionLink, than known: TransmissionLink, infected: TransmissionCase,
    _ infector: TransmissionCase
  ) -> Bool {
    func rank(_ link: TransmissionLink) -> (Int, Double, Int) {
      let faults = TransmissionRules.contradictions(
        of: link, infected: infected, infector: infector, under: policy, zone: zone)
      let weight = TransmissionRules.weight(
        of: link, infected: infected, infector: infector, under: policy)
      return (faults.isEmpty ? 1 : 0, weight, link.seconds)
    }
    return rank(link) > rank(known)
  }

  /// All live links of a case: what people said, and what follows from exposures and nobody has
  /// rejected.
  func links(of infection: Infection) throws -> [TransmissionLink] {
    let said = try TransmissionStore(transaction).links(of: infection.id)
    let live = said.filter(\.state.isLive)
    let closed = Set(said.filter { $0.state == .rejected }.map(\.origin))
      .union(live.map(\.origin))
    return live + (try proposals(for: infection)).filter { !closed.contains($0.origin) }
  }

  /// Some cases with all their links, ranked, and the infectors that are not among them.
  func gather(_ cases: [Infection]) throws -> Gathered {
    var known = Dictionary(cases.map { ($0.id, $0) }) { first, _ in first }
    var links: [CaseID: [TransmissionLink]] = [:]
    for infection in cases { links[infection.id] = try self.links(of: infection) }
    var outside: Set<CaseID> = []
    for infector in Set(links.values.flatMap { $0.compactMap(\.infector) }).sorted()
    where known[infector] == nil {
      guard let found = try CasesStore(transaction).find(infector) else { continue }
      known[infector] = found
      outside.insert(infector)
    }
    let judged = known.mapValues { TransmissionCase($0, in: zone) }
    let ranked = links.reduce(into: [CaseID: [RankedLink]]()) { ranked, entry in
      guard let own = judged[entry.key] else { return }
      ranked[entry.key] = TransmissionRules.ranked(
        entry.value, of: own, cases: judged, under: policy, zone: zone)
    }
    return Gathered(cases: known, judged: judged, links: ranked, outside: outside)
  }

  /// The cases that hang together with one case through live links, as far as they lead.
  func connected(to start: Infection, limit: Int) throws -> [Infection] {
    let store = CasesStore(transaction)
    var found: [CaseID: Infection] = [start.id: start]
    var waiting = [start]
    while let next = waiting.popLast(), found.count < limit {
      let infectors = try links(of: next).compactMap(\.infector)
      for id in Set(infectors + (try infectedBy(next))) where found[id] == nil {
        guard let other = try store.find(id) else { continue }
        found[id] = other
        waiting.append(other)
      }
    }
    return found.values.sorted { $0.id < $1.id }
  }

  /// The cases of which a case is a live or likely source.
  private func infectedBy(_ infector: Infection) throws -> [CaseID] {
    var found = try TransmissionStore(transaction).infected(by: infector.id)
    let people = try ContactsStore(transaction).ofCase(infector.id)
      .filter { $0.state == .becameCase }.map(\.person)
    for person in Set(people) {
      for other in try CasesStore(transaction).cases(of: person) where other.id != infector.id {
        if try links(of: other).contains(where: { $0.infector == infector.id }) {
          found.append(other.id)
        }
      }
    }
    return found
  }

  /// Cases and what is known of their sources.
  struct Gathered {
    let cases: [CaseID: Infection]
    let judged: [CaseID: TransmissionCase]
    let links: [CaseID: [RankedLink]]
    /// Infectors that were not asked for.
    let outside: Set<CaseID>

    /// The tree of them all.
    var tree: TransmissionTree {
      TransmissionTree(cases: judged.values.sorted { $0.id < $1.id }, links: links)
    }
  }
}

extension TransmissionLink {
  /// What an exposure that tracing found says of where a case was infected.
  fileprivate init(_ exposure: Exposure, of infection: CaseID) {
    let basis: TransmissionBasis =
      switch exposure.basis {
      case .household: .household
      case .venue: .venue
      case .encounter: .namedContact
      case .interview: .told
      }
    self.init(
      infection: infection, origin: .infector(exposure.infection), basis: basis,
      venue: exposure.venue, exposedFrom: exposure.span.from, exposedTo: exposure.span.to,
      seconds: exposure.seconds)
  }
}
