import Kernel

/// What a worker brings from the door besides words: a photograph, a signature, a slip that was shown.
///
/// In the street: the notice that hangs at the door is photographed, the neighbour signs for the
/// parcel with a finger, the resident shows the slip with the code. The phone makes photographs
/// small before it keeps them; here they are locked like names, shown only for a purpose, and the
/// person concerned sees who looked.
/// Retention: the pictures are deleted some days after they came in, as the policy's `keep_days`
/// says; who showed what when stays with the obligation.
package enum Proofs {
  package static let slice = Slice(
    name: "proofs",
    commands: [
      CommandKind(AttachProof.self, ofTheField: true), CommandKind(ShowSlip.self, ofTheField: true),
      CommandKind(ForgetProofs.self),
    ],
    queries: [QueryKind(ListProofs.self), QueryKind(ShowProof.self)],
    facts: [
      ProofAttached.self
    ],
    screens: ProofsScreens.all, ticks: [Tick(every: .hours(1)) { ForgetProofs() }],
    migrations: [
      Migration(
        "proofs-0001",
        """
        CREATE TABLE proof_piece (
          id TEXT PRIMARY KEY, obligation TEXT NOT NULL, person TEXT, path TEXT NOT NULL,
          kind TEXT NOT NULL, account TEXT NOT NULL, taken_at BIGINT, added_at BIGINT NOT NULL,
          bytes BIGINT NOT NULL, content BYTEA,
          CHECK (kind IN ('photo', 'signature', 'slip')))
        """,
        "CREATE INDEX proof_piece_obligation ON proof_piece (obligation, added_at)",
        "CREATE INDEX proof_piece_kept ON proof_piece (added_at) WHERE content IS NOT NULL")
    ], policySections: [ProofsPolicy.self])
}

/// A photograph, a signature or a slip was shown for an obligation.
package struct ProofAttached: Fact {
  package static let name = "proofs.attached"
  package static let words = Words("已附上办结证明", "Proof attached to an obligation")
  package static let about = Matter.obligation
  package let piece: ProofPieceID
  package let obligation: ObligationID
  package let kind: ProofPiece.Kind
  package let bytes: Int
  package var subject: String { obligation.text }
}
