import Kernel

/// Finds where infections run in a circle: A infected B, and B infected A.
package enum TransmissionLoopsRules {
  /// One circle for each group of cases that hang together both ways, through its smallest case.
  package static func circles(among links: [TransmissionLink]) -> [TransmissionContradiction] {
    var infectors: [CaseID: Set<CaseID>] = [:]
    var confirmed: Set<[CaseID]> = []
    for link in links {
      guard let infector = link.infector, infector != link.infection else { continue }
      infectors[link.infection, default: []].insert(infector)
      if link.state == .confirmed { confirmed.insert([link.infection, infector]) }
    }
    return groups(infectors).compactMap { group in
      guard let circle = circle(in: Set(group), from: group[0], infectors) else { return nil }
      let steps = zip(circle, circle.dropFirst() + circle.prefix(1)).map { [$0, $1] }
      let isConfirmed = steps.allSatisfy(confirmed.contains)
      return TransmissionContradiction(
        .loop, circle, state: isConfirmed ? .confirmed : .proposed)
    }
  }

  /// The confirmed chain of infectors above a case as far as it leads, the nearest first.
  package static func chain(
    above start: CaseID, infector: (CaseID) throws -> CaseID?
  ) rethrows -> [CaseID] {
    var chain: [CaseID] = []
    var seen: Set<CaseID> = [start]
    var next = try infector(start)
    while let id = next {
      chain.append(id)
      guard seen.insert(id).inserted else { break }
      next = try infector(id)
    }
    return chain
  }

  /// Groups of more than one case in which each leads to each (Tarjan's strongly connected
  /// components, without recursion), by their smallest case.
  private static func groups(_ infectors: [CaseID: Set<CaseID>]) -> [[CaseID]] {
    var search = GroupSearch(infectors.mapValues { $0.sorted() })
    for start in infectors.keys.sorted() { search.visit(start) }
    return search.groups.filter { $0.count > 1 }.map { $0.sorted() }.sorted { $0[0] < $1[0] }
  }

  /// The shortest way from a case back to itself inside its group.
  private static func circle(
    in group: Set<CaseID>, from start: CaseID, _ infectors: [CaseID: Set<CaseID>]
  ) -> [CaseID]? {
    var before: [CaseID: CaseID] = [:]
    var edge = [start]
    while !edge.isEmpty {
      var following: [CaseID] = []
      for id in edge {
        for infector in (infectors[id] ?? []).sorted() where group.contains(infector) {
          if infector == start { return way(to: id, from: start, before) }
          if before[infector] == nil {
            before[infector] = id
            following.append(infector)
          }
        }
      }
      edge = following
    }
    return nil
  }

  private static func way(
    to end: CaseID, from start: CaseID, _ before: [CaseID: CaseID]
  ) -> [CaseID] {
    var way = [end]
    while let id = way.last, id != start, let previous = before[id] { way.append(previous) }
    return way.reversed()
  }
}

/// The state of one search for groups.
private struct GroupSearch {
  private struct Step {
    let id: CaseID
    var next = 0
  }

  let infectors: [CaseID: [CaseID]]
  var groups: [[CaseID]] = []
  private var number: [CaseID: Int] = [:]
  private var low: [CaseID: Int] = [:]
  private var open: [CaseID] = []
  private var isOpen: Set<CaseID> = []

  init(_ infectors: [CaseID: [CaseID]]) { self.infectors = infectors }

  mutating func visit(_ start: CaseID) {
    guard number[start] == nil else { return }
    var path = [enter(start)]
    while var step = path.popLast() {
      let all = infectors[step.id] ?? []
      if step.next < all.count {
        let other = all[step.next]
        step.next += 1
        path.append(step)
        if number[other] == nil {
          path.append(enter(other))
        } else if isOpen.contains(other) {
          lower(step.id, to: number[other])
        }
      } else {
        close(step.id)
        if let above = path.last { lower(above.id, to: low[step.id]) }
      }
    }
  }

  private mutating func enter(_ id: CaseID) -> Step {
    number[id] = number.count
    low[id] = number[id]
    open.append(id)
    isOpen.insert(id)
    return Step(id: id)
  }

  private mutating func lower(_ id: CaseID, to other: Int?) {
    if let other, let own = low[id], other < own { low[id] = other }
  }

  private mutating func close(_ id: CaseID) {
    guard low[id] == number[id], let at = open.lastIndex(of: id) else { return }
    groups.append(Array(open[at...]))
    isOpen.subtract(open[at...])
    open.removeSubrange(at...)
  }
}
