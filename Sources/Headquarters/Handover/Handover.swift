import Kernel
import Registry

/// The change of shift: whoever leaves writes down what stands open and signs; whoever comes reads it
/// and signs. What is late and what somebody promised goes with it by number, so that nothing that was
/// said at night is gone in the morning.
///
/// Retention: a note is kept as long as the journal; it holds no identity or telephone numbers.
package enum Handover {
  package static let slice = Slice(
    name: "handover",
    commands: [CommandKind(GiveHandover.self), CommandKind(TakeHandover.self)],
    queries: [QueryKind(ListHandovers.self), QueryKind(ShowHandover.self)],
    facts: [
      HandoverGiven.self, HandoverTaken.self,
    ],
    screens: HandoverScreens.all,
    migrations: [
      Migration(
        "handover-0001",
        """
        CREATE TABLE handover (
          id TEXT PRIMARY KEY, place TEXT, path TEXT NOT NULL, at BIGINT NOT NULL,
          giver TEXT NOT NULL, note TEXT NOT NULL, owed BIGINT NOT NULL, late BIGINT NOT NULL,
          promised BIGINT NOT NULL, taker TEXT, taken_at BIGINT,
          CHECK ((taker IS NULL) = (taken_at IS NULL)), CHECK (taker IS NULL OR taker <> giver))
        """,
        "CREATE INDEX handover_path ON handover (path, at)",
        """
        CREATE TABLE handover_item (
          handover TEXT NOT NULL REFERENCES handover (id), obligation TEXT NOT NULL,
          deadline BIGINT NOT NULL, PRIMARY KEY (handover, obligation))
        """)
    ],
    invariants: [
      Invariant(
        "I-10", "nobody takes over from themself",
        violations: "SELECT id FROM handover WHERE taker = giver ORDER BY id LIMIT 20")
    ])
}

/// What the identifier of a hand-over names.
package enum HandoverTag {}
package typealias HandoverID = ID<HandoverTag>

/// One change of shift.
package struct HandoverNote: Codable, Sendable {
  package let handover: HandoverID
  package let place: PlaceID?
  package let at: Instant
  package let giver: AccountID
  package let note: String
  package let owed: Int
  package let late: Int
  /// What somebody had taken on and not done yet.
  package let promised: Int
  package var taker: AccountID?
  package var takenAt: Instant?
}

/// Somebody handed a shift over.
package struct HandoverGiven: Fact {
  package static let name = "handover.given"
  package static let words = Words("已交班", "Shift handed over")
  package static let about = Matter.handover
  package let handover: HandoverID
  package let owed: Int
  package let late: Int
  package let promised: Int
  package var subject: String { handover.text }
}

/// Somebody else took it over.
package struct HandoverTaken: Fact {
  package static let name = "handover.taken"
  package static let words = Words("已接班", "Shift taken over")
  package static let about = Matter.handover
  package let handover: HandoverID
  package var subject: String { handover.text }
}

extension Matter {
  package static let handover = Matter(
    Words("交接单", "Hand-over note"), page: "/handover/:handover")
}
