import Kernel

/// What a long list says of places, posts and accounts, each looked up once however many rows say it.
package struct RepeatedNames {
  private let reading: Reading
  private var places: [PlaceID: String] = [:]
  private var addresses: [PlacePath: String] = [:]
  private var shortAddresses: [PlacePath: String] = [:]
  private var holders: [Holder: String] = [:]
  private var accounts: [AccountID: String] = [:]
  private var seats: [Seat: String] = [:]

  private struct Holder: Hashable {
    let account: AccountID?
    let seat: String
  }

  package init(_ reading: Reading) { self.reading = reading }

  /// A place's own name.
  package mutating func name(of place: PlaceID) throws -> String {
    if let known = places[place] { return known }
    let name = try reading.name(of: place)
    places[place] = name
    return name
  }

  /// Where something is, as people say it.
  package mutating func address(of path: PlacePath) throws -> String {
    if let known = addresses[path] { return known }
    let address = try reading.address(of: path)
    addresses[path] = address
    return address
  }

  /// Where something is, in two names at most.
  package mutating func shortAddress(of path: PlacePath) throws -> String {
    if let known = shortAddresses[path] { return known }
    let address = try reading.shortAddress(of: path)
    shortAddresses[path] = address
    return address
  }

  /// What colleagues call an account.
  package mutating func title(of account: AccountID) throws -> String {
    if let known = accounts[account] { return known }
    let title = try reading.title(of: account)
    accounts[account] = title
    return title
  }

  /// A post as people call it.
  package mutating func words(of seat: Seat) throws -> String {
    if let known = seats[seat] { return known }
    let words = try reading.words(of: seat)
    seats[seat] = words
    return words
  }

  /// Who has an obligation.
  package mutating func holder(claimedBy account: AccountID?, seat: String) throws -> String {
    let holder = Holder(account: account, seat: seat)
    if let known = holders[holder] { return known }
    let words = try reading.holder(claimedBy: account, seat: seat)
    holders[holder] = words
    return words
  }
}
