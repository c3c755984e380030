/// A question. It reads, changes nothing, and states why it may see people.
package protocol Query: Codable, Sendable {
  associatedtype Answer: Codable & Sendable

  /// `slice.noun`, stable for ever.
  static var name: String { get }
  /// What an office must be charged with to ask this.
  static var duty: Duty { get }
  /// How long it can wait when everybody comes at once; looking gives way to doing.
  static var urgency: Urgency { get }
  /// The purposes for which it may be asked; empty when it shows nobody's data.
  static var purposes: [Purpose] { get }
  /// Whether it only counts, of an area that may be large, and its answer depends on nobody who asks:
  /// then it may be given again for a while (``KeptCounts``).
  static var isCount: Bool { get }
  /// What it looks at; the desk checks that the duty is held there.
  func area(in reading: Reading) throws -> Area
  /// Answers. Each person whose data is in the answer is named with ``Reading/disclose(_:)``.
  func answer(in reading: Reading) throws -> Answer
}

extension Query {
  package static var urgency: Urgency { duty == .ownFile ? .resident : .reading }
  package static var isCount: Bool { false }
}

/// A kind of query as the assembly knows it.
package struct QueryKind: Sendable {
  package let name: String
  package let duty: Duty
  package let urgency: Urgency
  package let purposes: [Purpose]
  let answer: @Sendable (Fields, Reading) throws -> [UInt8]
  /// The area of a question with a body.
  let area: @Sendable (Fields, Reading) throws -> Area
  /// What its body and its answer look like.
  package let shapes: @Sendable () -> (body: Shape, answer: Shape)

  package init<Q: Query>(_ type: Q.Type) {
    name = type.name
    duty = type.duty
    urgency = type.urgency
    purposes = type.purposes
    answer = { fields, reading in
      try Fields.jsonBytes(reading.ask(fields.decoded(Q.self)))
    }
    area = { fields, reading in try fields.decoded(Q.self).area(in: reading) }
    shapes = { (Shape(of: Q.self), Shape(of: Q.Answer.self)) }
  }
}
