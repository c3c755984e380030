import Kernel

/// A case was linked to its source, confirmed or as a proposal.
package struct SourceLinked: Fact {
  package static let name = "transmission.linked"
  package let link: TransmissionLinkID
  package let infection: CaseID
  package let origin: String
  package let infector: CaseID?
  package let basis: TransmissionBasis?
  package let state: TransmissionState
  /// The link that this one puts right.
  package let replaces: TransmissionLinkID?
  package var subject: String { infection.text }
}

/// A likely source was looked at and is none.
package struct SourceRejected: Fact {
  package static let name = "transmission.rejected"
  package let link: TransmissionLinkID
  package let infection: CaseID
  package let origin: String
  package let infector: CaseID?
  package var subject: String { infection.text }
}

/// A link was taken back.
package struct SourceWithdrawn: Fact {
  package static let name = "transmission.withdrawn"
  package let link: TransmissionLinkID
  package let infection: CaseID
  package let infector: CaseID?
  package var subject: String { infection.text }
}
