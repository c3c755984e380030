/// Someone who may have passed it on from a second on, until isolation.
package struct Carrier: Hashable, Sendable {
  package var person: UInt32
  package var since: UInt32
  package var until: UInt32

  package init(person: UInt32, since: UInt32, until: UInt32 = .max) {
    self.person = person
    self.since = since
    self.until = until
  }
}

/// Someone who was near a carrier in the right order of time, and the first such second.
package struct Onward: Hashable, Sendable {
  package var person: UInt32
  package var first: UInt32

  package init(person: UInt32, first: UInt32) {
    self.person = person
    self.first = first
  }
}
