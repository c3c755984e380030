import Containment
import Cryptography
import Kernel

/// Looks after the versions of the policy that have decided: notes what each says when the program starts,
/// and tells of those that are missing or say something else since.
package enum DecidedPolicies {
  private static let decisive = [RestrictionsPolicy.key, ZonesPolicy.key]

  /// The digest of what each version says of restrictions and zones. Its other parts may be added to.
  package static func contents(_ library: PolicyLibrary) throws -> [String: String] {
    var contents: [String: String] = [:]
    for edition in library.editions
    where decisive.contains(where: { edition.sections[$0] != nil }) {
      let sections = try PolicyFiles.fields(ofText: edition.text)["sections"]
      let said = decisive.map { "\($0)=\(flat(sections[$0]))" }.joined(separator: "\n")
      contents[edition.reference] = Hex.text(OpenSSLSuite().digest(Array(said.utf8)))
    }
    return contents
  }

  /// The same text for the same content, however it is ordered.
  private static func flat(_ fields: Fields) -> String {
    switch fields {
    case .object(let members):
      let parts = members.sorted { $0.key < $1.key }.map { "\($0.key):\(flat($0.value))" }
      return "{\(parts.joined(separator: ","))}"
    case .list(let list): return "[\(list.map(flat).joined(separator: ","))]"
    case .text(let text): return "\(text.count)\"\(text)\""
    default: return "\(fields)"
    }
  }

  /// What is not as it was when it decided.
  package static func faults(_ desk: Desk) async throws -> [EditionFault] {
    let present = try contents(desk.rules.policies)
    return try await desk.storage.read { try DecidedEditions.faults(present, in: $0) }
  }

  /// Notes what is there, and answers what is not as it was when it decided.
  package static func note(_ desk: Desk) async throws -> [EditionFault] {
    let present = try contents(desk.rules.policies)
    let editions = present.sorted { $0.key < $1.key }.map {
      NoteEditions.Content(edition: $0.key, digest: $0.value)
    }
    try await desk.submit(
      NoteEditions(editions: editions), id: desk.newCommandID(), as: .clock)
    return try await faults(desk)
  }
}
