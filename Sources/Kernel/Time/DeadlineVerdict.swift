/// Whether a request was finished by the time it was due.
package enum DeadlineVerdict: String, Codable, CaseIterable, Sendable {
  /// Closed before it was opened, or due on a day that the calendar does not cover.
  case error
  /// There is no target to meet.
  case none
  case met
  case breached
  /// Still open, and too late already.
  case openBreached = "open_breached"
  case openInTime = "open_in_time"

  /// The first verdict that fits, in the order of the cases. The moment itself is still in time:
  /// closed at the due instant is met.
  package init(opened: Instant, closed: Instant?, due: DeadlineDue, asOf: Instant) {
    if let closed, closed < opened {
      self = .error
      return
    }
    switch (due, closed) {
    case (.notCovered, _): self = .error
    case (.noTarget, _): self = .none
    case (.at(let due), .some(let closed)): self = closed <= due ? .met : .breached
    case (.at(let due), .none): self = asOf > due ? .openBreached : .openInTime
    }
  }
}
