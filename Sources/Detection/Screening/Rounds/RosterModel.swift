import Kernel

/// Where somebody stands, and why.
package struct Stand: Hashable, Sendable {
  package var standing: Standing
  package var reason: StandingReason

  package init(_ standing: Standing, _ reason: StandingReason = .none) {
    self.standing = standing
    self.reason = reason
  }
}

/// Somebody on a frozen list.
package struct RosterMember: Hashable, Sendable {
  package let person: PersonID
  package let listing: ListingReason
  /// How the person stood when the list was frozen.
  package let frozen: Stand
  package var now: Stand

  package init(person: PersonID, listing: ListingReason, frozen: Stand, now: Stand? = nil) {
    self.person = person
    self.listing = listing
    self.frozen = frozen
    self.now = now ?? frozen
  }
}

/// How many stand how.
package struct RosterCounts: Hashable, Sendable {
  package var listed = 0
  package var exempt = 0
  package var away = 0
  package var refused = 0
  package var reswab = 0
  package var sampled = 0
  package var tested = 0

  package init() {}

  init(_ members: [RosterMember]) {
    for member in members { add(member.now.standing) }
  }

  private mutating func add(_ standing: Standing) {
    listed += 1
    switch standing {
    case .missing: break
    case .exempt: exempt += 1
    case .away: away += 1
    case .refused: refused += 1
    case .reswab: reswab += 1
    case .sampled: sampled += 1
    case .tested: tested += 1
    }
  }

  /// Of whom nothing is known.
  package var missing: Int { listed - exempt - away - refused - reswab - sampled - tested }
  /// Of whom neither a swab nor a reason is known, or whose swab can give no result.
  package var unanswered: Int { missing + reswab }
  /// Who should have been tested and has no result.
  package var untested: Int { listed - exempt - tested }
  /// Tested among those who should be: between 0 and 1, 1 when nobody should.
  package var coverage: Double {
    listed == exempt ? 1 : Double(tested) / Double(listed - exempt)
  }

  package static func += (left: inout RosterCounts, right: RosterCounts) {
    left.listed += right.listed
    left.exempt += right.exempt
    left.away += right.away
    left.refused += right.refused
    left.reswab += right.reswab
    left.sampled += right.sampled
    left.tested += right.tested
  }
}

/// The people of one entrance on a frozen list, at most ``RosterCell/most`` of them, by identifier.
package struct RosterCell: Hashable, Sendable {
  /// How many share a cell at most: each swab rewrites one.
  static let most = 64

  /// Which cell of a list: the place in which the doors are, and its number there.
  package struct Key: Hashable, Sendable {
    package let path: PlacePath
    package let number: Int
  }

  package let key: Key
  package internal(set) var members: [RosterMember]

  package var counts: RosterCounts { RosterCounts(members) }

  /// Where a person stands in the list of members; nil when they are none.
  func index(of person: PersonID) -> Int? {
    var low = 0
    var high = members.count
    while low < high {
      let middle = (low + high) / 2
      if members[middle].person < person { low = middle + 1 } else { high = middle }
    }
    return low < members.count && members[low].person == person ? low : nil
  }
}

// MARK: - Packing

extension RosterCell {
  private static let version: UInt8 = 1

  /// The members as bytes: six and the identifier for each.
  var packed: [UInt8] {
    var bytes = [Self.version]
    bytes.reserveCapacity(1 + members.count * 34)
    for member in members {
      let name = Array(member.person.text.utf8)
      bytes.append(UInt8(clamping: name.count))
      bytes += name
      bytes += [
        member.listing.number, member.frozen.standing.number, member.frozen.reason.number,
        member.now.standing.number, member.now.reason.number,
      ]
    }
    return bytes
  }

  /// Reads members back; nil when the bytes are none.
  static func members(packed bytes: [UInt8]) -> [RosterMember]? {
    guard bytes.first == version else { return nil }
    var members: [RosterMember] = []
    var at = 1
    while at < bytes.count {
      let length = Int(bytes[at])
      let end = at + 1 + length
      guard end + 5 <= bytes.count, let listing = ListingReason(number: bytes[end]),
        let was = Standing(number: bytes[end + 1]),
        let wasReason = StandingReason(number: bytes[end + 2]),
        let now = Standing(number: bytes[end + 3]),
        let reason = StandingReason(number: bytes[end + 4])
      else { return nil }
      members.append(
        RosterMember(
          person: PersonID(trusted: String(decoding: bytes[(at + 1)..<end], as: UTF8.self)),
          listing: listing, frozen: Stand(was, wasReason), now: Stand(now, reason)))
      at = end + 5
    }
    return members
  }
}

/// The cell of a list in which somebody was found.
package struct RosterSpot: Hashable, Sendable {
  package let key: RosterCell.Key
  /// The identifier under which the person is listed: another one when files were merged since.
  package let listed: PersonID
}
