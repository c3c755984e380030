/// Where the time comes from: the machine, or a script when a month is replayed.
package struct Clock: Sendable {
  /// The present moment.
  package let now: @Sendable () -> Instant

  package init(_ now: @escaping @Sendable () -> Instant) { self.now = now }

  /// A clock that stands still.
  package static func stopped(at instant: Instant) -> Clock { Clock { instant } }
}
