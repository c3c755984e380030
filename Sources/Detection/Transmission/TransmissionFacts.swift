import Kernel

/// A case was linked to its source, confirmed or as a proposal.
package struct SourceLinked: Fact {
  package static let name = "transmission.linked"
  package static let words = Words("病例的传染源已判定或提出", "Source of a case linked or proposed")
  package static let about = Matter.infection
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
  package static let words = Words("已排除一个可能的传染源", "Likely source of a case ruled out")
  package static let about = Matter.infection
  package let link: TransmissionLinkID
  package let infection: CaseID
  package let origin: String
  package let infector: CaseID?
  package var subject: String { infection.text }
}

/// A link was taken back.
package struct SourceWithdrawn: Fact {
  package static let name = "transmission.withdrawn"
  package static let words = Words("传染源判定已撤回", "Link to a source taken back")
  package static let about = Matter.infection
  package let link: TransmissionLinkID
  package let infection: CaseID
  package let infector: CaseID?
  package var subject: String { infection.text }
}
