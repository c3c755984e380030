import Kernel

/// Who infected whom among some cases: one source a case, drawn as chains.
package struct TransmissionTree: Sendable {
  /// One case in the tree.
  package struct Node: Sendable {
    package let one: TransmissionCase
    /// The source that the tree shows: the confirmed one, otherwise the likeliest that fits.
    package let source: RankedLink?
    /// From 1 for the first of a chain; nil where a circle leaves no beginning.
    package let generation: Int?
    /// The first case of its chain.
    package let root: CaseID
    /// Whom it infected, as the tree shows it, the earliest first.
    package let infected: [CaseID]
    /// How many likely sources there are in all.
    package let sources: Int
  }

  /// Cases that hang together.
  package struct Chain: Sendable {
    package let root: CaseID
    package let size: Int
    /// The highest generation; nil where a circle leaves no beginning.
    package let depth: Int?
  }

  /// Cases that were infected at one venue.
  package struct VenueCluster: Sendable {
    package let venue: VenueID
    package let cases: [CaseID]
  }

  /// In the order in which they are drawn: the biggest chain first, each case before those it
  /// infected.
  package let nodes: [Node]
  /// The biggest first.
  package let chains: [Chain]
  /// The biggest first.
  package let venues: [VenueCluster]
  package let contradictions: [TransmissionContradiction]

  /// Builds the tree of some cases from all their live links.
  ///
  /// - Parameter links: those of each case, ranked.
  package init(cases: [TransmissionCase], links: [CaseID: [RankedLink]]) {
    let all = Dictionary(cases.map { ($0.id, $0) }) { first, _ in first }
    var chosen: [CaseID: RankedLink] = [:]
    for one in cases {
      let live = links[one.id] ?? []
      chosen[one.id] =
        live.first { $0.link.state == .confirmed } ?? live.first { $0.contradictions.isEmpty }
    }
    let infectors = chosen.compactMapValues { ranked in
      ranked.link.infector.flatMap { all[$0] == nil ? nil : $0 }
    }
    let loops = Self.loops(infectors)
    let depths = Self.generations(of: all.keys.sorted(), infectors, loops: loops)
    var children: [CaseID: [TransmissionCase]] = [:]
    for one in cases {
      if let infector = infectors[one.id] { children[infector, default: []].append(one) }
    }
    for (id, list) in children { children[id] = list.sorted { $0.isEarlier(than: $1) } }
    let members = Dictionary(grouping: cases) { depths[$0.id]?.root ?? $0.id }
    let roots = members.keys.sorted { left, right in
      let (one, other) = (members[left]?.count ?? 0, members[right]?.count ?? 0)
      if one != other { return one > other }
      if let first = all[left], let second = all[right] { return first.isEarlier(than: second) }
      return left < right
    }
    chains = roots.map { root in
      let generations = (members[root] ?? []).map { depths[$0.id]?.generation }
      return Chain(
        root: root, size: generations.count,
        depth: generations.contains(nil) ? nil : generations.compactMap(\.self).max())
    }
    let order = roots.flatMap { Self.descent(from: $0, children) }
    nodes = order.compactMap { id in
      guard let one = all[id] else { return nil }
      return Node(
        one: one, source: chosen[id], generation: depths[id]?.generation,
        root: depths[id]?.root ?? id, infected: (children[id] ?? []).map(\.id),
        sources: links[id]?.count ?? 0)
    }
    venues = Self.venues(chosen)
    contradictions = Self.contradictions(of: cases, links)
  }

  /// The circles in a map from each case to its infector, each once, from its smallest case on.
  package static func loops(_ infectors: [CaseID: CaseID]) -> [[CaseID]] {
    var seen: [CaseID: Int] = [:]
    var found: [[CaseID]] = []
    for (turn, start) in infectors.keys.sorted().enumerated() {
      var path: [CaseID] = []
      var next: CaseID? = start
      while let id = next, seen[id] == nil {
        seen[id] = turn
        path.append(id)
        next = infectors[id]
      }
      guard let id = next, seen[id] == turn, let at = path.firstIndex(of: id) else { continue }
      let circle = Array(path[at...])
      let least = circle.indices.min { circle[$0] < circle[$1] } ?? 0
      found.append(Array(circle[least...] + circle[..<least]))
    }
    return found
  }

  private static func generations(
    of cases: [CaseID], _ infectors: [CaseID: CaseID], loops: [[CaseID]]
  ) -> [CaseID: (generation: Int?, root: CaseID)] {
    var known: [CaseID: (generation: Int?, root: CaseID)] = [:]
    for circle in loops {
      for id in circle { known[id] = (nil, circle[0]) }
    }
    for start in cases {
      var path: [CaseID] = []
      var next: CaseID? = start
      while let id = next, known[id] == nil {
        path.append(id)
        next = infectors[id]
      }
      var above = next.flatMap { known[$0] }
      for id in path.reversed() {
        let own = above.map { ($0.generation.map { $0 + 1 }, $0.root) } ?? (1, id)
        known[id] = own
        above = own
      }
    }
    return known
  }

  /// A case and those it infected, each before its own; a circle is entered once.
  private static func descent(
    from root: CaseID, _ children: [CaseID: [TransmissionCase]]
  ) -> [CaseID] {
    var order: [CaseID] = []
    var seen: Set<CaseID> = []
    var waiting = [root]
    while let id = waiting.popLast() {
      guard seen.insert(id).inserted else { continue }
      order.append(id)
      waiting.append(contentsOf: (children[id] ?? []).map(\.id).reversed())
    }
    return order
  }

  private static func venues(_ chosen: [CaseID: RankedLink]) -> [VenueCluster] {
    var cases: [VenueID: [CaseID]] = [:]
    for (id, ranked) in chosen {
      guard let venue = ranked.link.venue ?? ranked.link.origin.cluster else { continue }
      cases[venue, default: []].append(id)
    }
    return cases.map { VenueCluster(venue: $0.key, cases: $0.value.sorted()) }
      .sorted { ($1.cases.count, $0.venue) < ($0.cases.count, $1.venue) }
  }

  private static func contradictions(
    of cases: [TransmissionCase], _ links: [CaseID: [RankedLink]]
  ) -> [TransmissionContradiction] {
    var found = TransmissionLoopsRules.circles(among: links.values.flatMap { $0.map(\.link) })
    for one in cases.sorted(by: { $0.id < $1.id }) {
      let live = links[one.id] ?? []
      let confirmed = live.filter { $0.link.state == .confirmed }
      if confirmed.count > 1 {
        found.append(
          .init(.severalSources, [one.id] + confirmed.compactMap(\.link.infector).sorted()))
      }
      found += live.flatMap(\.contradictions)
    }
    return found
  }
}
