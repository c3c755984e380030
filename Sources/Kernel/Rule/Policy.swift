/// A part of the policy that one slice reads, such as what makes a close contact.
package protocol PolicySection: Decodable, Sendable {
  /// The key under `sections:` in a policy file.
  static var key: String { get }
  /// What is wrong with the values, beyond what decoding finds: empty when they make sense.
  var faults: [Words] { get }
  /// What does not fit what else is in force on a day, such as the name of a role that no section defines.
  func faults(beside others: PolicyLibrary, on day: Day) -> [Words]
}

extension PolicySection {
  package var faults: [Words] { [] }
  /// Nothing, where a section stands for itself.
  package func faults(beside others: PolicyLibrary, on day: Day) -> [Words] { [] }
}

/// One policy file: a version of some rules with its source and the days on which it is in force.
package final class PolicyEdition: Sendable {
  /// The head of a policy file.
  package struct Head: Decodable, Sendable {
    package let id: String
    package let version: Int
    package let title: Words
    /// Where the rule texts come from: publisher, article, date.
    package let source: [String]
    package let effectiveFrom: Day
    /// The last day on which it is in force, nil while no end is known.
    package let effectiveTo: Day?

    private enum CodingKeys: String, CodingKey {
      case id
      case version
      case title
      case source
      case effectiveFrom = "effective_from"
      case effectiveTo = "effective_to"
    }
  }

  package let head: Head
  /// The digest of the file, so that a changed text under an old version is found.
  package let digest: String
  package let sections: [String: any PolicySection]
  /// The file as it was read, for people who want to see it.
  package let text: String

  /// `cn-9@1`: how decisions name the version that decided.
  package let reference: String

  /// Reads a policy file that was parsed to fields.
  ///
  /// - Throws: a refusal naming the file's id and the field at fault.
  package init(
    fields: Fields, text: String, digest: String, sections known: [any PolicySection.Type]
  ) throws(Refusal) {
    guard case .object(var members) = fields else {
      throw Refusal(
        .invalid, "policy.empty", Words("政策文件为空或不是映射", "The policy file is empty or no map"))
    }
    let body = members.removeValue(forKey: "sections") ?? .object([:])
    let head = try Fields.object(members).decoded(Head.self)
    self.head = head
    reference = "\(head.id)@\(head.version)"
    if let end = head.effectiveTo, end < head.effectiveFrom {
      throw Refusal(
        .invalid, "policy.reversed",
        Words(
          "政策 \(head.id) 的失效日期早于生效日期", "Policy \(head.id) ends before it begins"),
        field: "effective_to")
    }
    self.text = text
    self.digest = digest
    guard case .object(let parts) = body else {
      throw .malformed("sections", "…", expected: Words("映射", "a map"))
    }
    var read: [String: any PolicySection] = [:]
    for (key, fields) in parts {
      guard let type = known.first(where: { $0.key == key }) else {
        throw Refusal(
          .invalid, "policy.unknownSection",
          Words(
            "政策 \(head.id) 中有不认识的部分“\(key)”", "Policy \(head.id) has an unknown section “\(key)”"),
          field: "sections.\(key)")
      }
      let section = try Self.read(type, from: fields, id: head.id)
      if let fault = section.faults.first {
        throw Refusal.fault(fault, in: key, of: head.id)
      }
      read[key] = section
    }
    self.sections = read
  }

  private static func read<Section: PolicySection>(
    _ type: Section.Type, from fields: Fields, id: String
  ) throws(Refusal) -> any PolicySection {
    do {
      return try fields.decoded(type)
    } catch {
      throw Refusal(
        error.kind, error.code,
        Words(
          "政策 \(id) 的“\(type.key)”：\(error.words.chinese)",
          "Policy \(id), “\(type.key)”: \(error.words.english)"),
        field: "sections.\(type.key).\(error.field ?? "")")
    }
  }

  /// Whether it is in force on a day.
  package func isInForce(on day: Day) -> Bool {
    day >= head.effectiveFrom && head.effectiveTo.map { day <= $0 } != false
  }
}

extension Refusal {
  /// What is wrong in a section of a policy file.
  fileprivate static func fault(_ fault: Words, in key: String, of id: String) -> Refusal {
    Refusal(
      .invalid, "policy.fault",
      Words(
        "政策 \(id) 的“\(key)”：\(fault.chinese)", "Policy \(id), “\(key)”: \(fault.english)"),
      field: "sections.\(key)")
  }
}

/// All policy editions of an installation.
package struct PolicyLibrary: Sendable {
  /// In order of the day from which they are in force, then of version.
  package let editions: [PolicyEdition]

  package init(_ editions: [PolicyEdition]) {
    self.editions = editions.sorted {
      // The id decides last, so that the order in which files are read decides nothing.
      ($0.head.effectiveFrom, $0.head.version, $0.head.id)
        < ($1.head.effectiveFrom, $1.head.version, $1.head.id)
    }
  }

  /// The section in force on a day and the edition it stands in: the youngest edition that is in
  /// force then and has the section.
  ///
  /// - Throws: a refusal when no edition in force has it.
  package func section<Section: PolicySection>(
    _ type: Section.Type = Section.self, on day: Day
  ) throws(Refusal) -> (section: Section, edition: PolicyEdition) {
    for edition in editions.reversed() where edition.isInForce(on: day) {
      if let section = edition.sections[type.key] as? Section { return (section, edition) }
    }
    throw Refusal(
      .conflict, "policy.none",
      Words(
        "\(day.text) 没有生效的政策规定“\(type.key)”，请补充政策文件",
        "No policy in force on \(day.text) says anything of “\(type.key)”; add a policy file"))
  }

  /// Checks that the sections in force fit each other, on each day on which something changes.
  ///
  /// - Throws: a refusal naming the edition and the section at fault.
  package func requireAgreement() throws(Refusal) {
    for day in Set(editions.map(\.head.effectiveFrom)).sorted() {
      var seen: Set<String> = []
      for edition in editions.reversed() where edition.isInForce(on: day) {
        for (key, section) in edition.sections.sorted(by: { $0.key < $1.key })
        where seen.insert(key).inserted {
          guard let fault = section.faults(beside: self, on: day).first else { continue }
          throw Refusal.fault(fault, in: key, of: edition.head.id)
        }
      }
    }
  }

  /// The edition with an id such as `cn-9`, the highest version of it, or exactly `cn-9@1`.
  package func edition(_ reference: String) -> PolicyEdition? {
    editions.last { $0.reference == reference }
      ?? editions.filter { $0.head.id == reference }.max { $0.head.version < $1.head.version }
  }
}
