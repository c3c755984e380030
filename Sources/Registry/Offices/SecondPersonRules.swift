import Kernel

/// Judgement about what takes two people (I-16, RELIABILITY 3.3).
package enum SecondPersonRules {
  /// Checks that a second person of another organisation decides on what a first one asked for.
  ///
  /// - Parameter what: how the codes of refusals begin, such as `restriction`.
  package static func require(
    approver: String, organisations: Set<String>, issuer: String,
    issuerOrganisations: Set<String>, what: String
  ) throws(Refusal) {
    guard approver != issuer else {
      throw Refusal(
        .forbidden, "\(what).samePerson",
        Words("不能批准自己提出的措施，请由另一单位的人员批准", "You asked for this yourself; somebody else must approve"))
    }
    guard !organisations.subtracting(issuerOrganisations).isEmpty else {
      throw Refusal(
        .forbidden, "\(what).sameOrganisation",
        Words(
          "批准人须来自提出单位以外的单位", "The second person must belong to another organisation"))
    }
  }
}
