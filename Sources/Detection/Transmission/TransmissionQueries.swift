import Gazette
import Kernel
import Registry

/// Who infected whom: the cases of an area that were reported in a window, or all that hang together
/// with one case.
package struct TransmissionTreeOf: Query {
  /// Where the tree says that a case was infected.
  package struct Source: Codable, Sendable {
    /// `case`, `venue`, `imported` or `unknown`.
    package let origin: String
    package let infector: CaseID?
    package let basis: TransmissionBasis?
    package let venue: VenueID?
    package let exposedFrom: Instant?
    package let exposedTo: Instant?
    package let state: TransmissionState
    /// Its part of all that is likely among what is known, 0 to 1; nil for a confirmed one.
    package let share: Double?

    private enum CodingKeys: String, CodingKey {
      case origin
      case infector
      case basis
      case venue
      case state
      case share
      case exposedFrom = "exposed_from"
      case exposedTo = "exposed_to"
    }

    init(_ ranked: RankedLink) {
      let link = ranked.link
      origin = link.origin.code
      infector = link.infector
      basis = link.basis
      venue = link.venue ?? link.origin.cluster
      exposedFrom = link.exposedFrom
      exposedTo = link.exposedTo
      state = link.state
      share = link.state == .confirmed ? nil : ranked.share
    }
  }

  /// One case of the tree.
  package struct Line: Codable, Sendable {
    package let infection: CaseID
    package let kind: InfectionKind
    package let district: PlaceID
    /// Onset, else first positive sample, else report.
    package let day: Day
    package let onsetOn: Day?
    package let reportedAt: Instant
    /// From 1; nil where a circle leaves no beginning.
    package let generation: Int?
    /// The first case of its chain.
    package let chain: CaseID
    package let source: Source?
    /// How many live and likely sources there are in all.
    package let sources: Int
    package let infected: [CaseID]
    /// Whether it stands in the tree only because it infected somebody who was asked for.
    package let outside: Bool

    private enum CodingKeys: String, CodingKey {
      case kind
      case district
      case day
      case generation
      case chain
      case source
      case sources
      case infected
      case outside
      case infection = "case"
      case onsetOn = "onset_on"
      case reportedAt = "reported_at"
    }
  }

  /// Cases that hang together.
  package struct Chain: Codable, Sendable {
    package let root: CaseID
    package let size: Int
    package let depth: Int?
  }

  /// Cases that were infected at one venue.
  package struct Venue: Codable, Sendable {
    package let venue: VenueID
    package let cases: [CaseID]
  }

  /// What contradicts itself.
  package struct Fault: Codable, Sendable {
    package let kind: TransmissionContradiction.Kind
    package let cases: [CaseID]
    package let days: Int?
    package let state: TransmissionState
    package let words: Words
  }

  package struct Answer: Codable, Sendable {
    package let cases: [Line]
    package let chains: [Chain]
    package let venues: [Venue]
    package let contradictions: [Fault]
    package let confirmed: Int
    package let proposed: Int
    /// Cases for which nothing at all is known of their source.
    package let open: Int
    /// Whether there are more cases than one tree takes.
    package let isCut: Bool

    private enum CodingKeys: String, CodingKey {
      case cases
      case chains
      case venues
      case contradictions
      case confirmed
      case proposed
      case open
      case isCut = "cut"
    }
  }

  package static let name = "transmission.tree"
  package static let duty: Duty = "transmission.read"
  package static let purposes: [Purpose] = [.investigation, .supervision, .exchange]
  /// How many cases one tree takes.
  private static let most = 5_000

  package let place: PlaceID?
  package let from: Instant?
  package let to: Instant?
  package let infection: CaseID?

  package init(
    place: PlaceID? = nil, from: Instant? = nil, to: Instant? = nil, infection: CaseID? = nil
  ) {
    self.place = place
    self.from = from
    self.to = to
    self.infection = infection
  }

  private enum CodingKeys: String, CodingKey {
    case place
    case from
    case to
    case infection = "case"
  }

  package func area(in reading: Reading) throws -> Area {
    if let infection { return .path(try CasesStore(reading.transaction).get(infection).path) }
    return place.map(Area.place) ?? .everywhere
  }

  package func answer(in reading: Reading) throws -> Answer {
    let evidence = TransmissionEvidence(
      reading.transaction, try reading.policy(TransmissionPolicy.self), reading.zone)
    let cases = try wanted(evidence, in: reading)
    let gathered = try evidence.gather(cases)
    let tree = gathered.tree
    for node in tree.nodes {
      guard let person = gathered.cases[node.one.id]?.person else { continue }
      reading.disclose(try reading.liveFile(of: person))
    }
    let lines = tree.nodes.compactMap { node in
      gathered.cases[node.one.id].map {
        line(node, $0, outside: gathered.outside.contains(node.one.id))
      }
    }
    let sources = tree.nodes.compactMap(\.source)
    return Answer(
      cases: lines,
      chains: tree.chains.map { Chain(root: $0.root, size: $0.size, depth: $0.depth) },
      venues: tree.venues.map { Venue(venue: $0.venue, cases: $0.cases) },
      contradictions: tree.contradictions.map {
        Fault(kind: $0.kind, cases: $0.cases, days: $0.days, state: $0.state, words: $0.words)
      },
      confirmed: sources.count { $0.link.state == .confirmed },
      proposed: sources.count { $0.link.state == .proposed },
      open: lines.count { $0.sources == 0 && !$0.outside }, isCut: cases.count == Self.most)
  }

  private func wanted(
    _ evidence: TransmissionEvidence, in reading: Reading
  ) throws -> [Infection] {
    let store = CasesStore(reading.transaction)
    if let infection {
      return try evidence.connected(to: store.get(infection), limit: Self.most)
    }
    let path = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    return try store.reported(
      in: path ?? .everywhere, from: from, to: to, withdrawn: false, after: nil, limit: Self.most)
  }

  private func line(
    _ node: TransmissionTree.Node, _ infection: Infection, outside: Bool
  ) -> Line {
    Line(
      infection: infection.id, kind: node.one.kind, district: infection.district,
      day: node.one.day, onsetOn: infection.onsetOn, reportedAt: infection.reportedAt,
      generation: node.generation, chain: node.root, source: node.source.map(Source.init),
      sources: node.sources, infected: node.infected, outside: outside)
  }
}

/// All that was said of one case's source, and what is likely, the likeliest first.
package struct SourcesOfCase: Query {
  /// One source.
  package struct Line: Codable, Sendable {
    /// Nil for what follows from exposures.
    package let link: TransmissionLinkID?
    package let source: TransmissionTreeOf.Source
    package let seconds: Int
    package let contradictions: [Words]
    /// Why it was rejected or withdrawn.
    package let reason: String?
  }

  package struct Answer: Codable, Sendable {
    package let infection: CaseID
    package let live: [Line]
    /// What was rejected or withdrawn, the oldest first.
    package let closed: [Line]
  }

  package static let name = "transmission.sources"
  package static let duty: Duty = TransmissionTreeOf.duty
  package static let purposes = TransmissionTreeOf.purposes
  package let infection: CaseID

  package init(infection: CaseID) { self.infection = infection }

  private enum CodingKeys: String, CodingKey {
    case infection = "case"
  }

  package func area(in reading: Reading) throws -> Area {
    .path(try CasesStore(reading.transaction).get(infection).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let evidence = TransmissionEvidence(
      reading.transaction, try reading.policy(TransmissionPolicy.self), reading.zone)
    let known = try CasesStore(reading.transaction).get(infection)
    reading.disclose(try reading.liveFile(of: known.person))
    let ranked = try evidence.gather([known]).links[infection] ?? []
    let closed = try TransmissionStore(reading.transaction).links(of: infection)
      .filter { !$0.state.isLive }
    return Answer(
      infection: infection, live: ranked.map(line),
      closed: closed.map {
        line(RankedLink(link: $0, weight: 0, share: 0, contradictions: []))
      })
  }

  private func line(_ ranked: RankedLink) -> Line {
    Line(
      link: ranked.link.id, source: TransmissionTreeOf.Source(ranked),
      seconds: ranked.link.seconds, contradictions: ranked.contradictions.map(\.words),
      reason: ranked.link.reason)
  }
}
