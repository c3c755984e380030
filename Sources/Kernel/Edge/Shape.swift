/// What a value looks like from outside, so that programs can be told how to write one.
package indirect enum Shape: Hashable, Sendable {
  case flag
  case integer
  case number
  /// A text of a format, such as `date-time`, with one that would do.
  case text(format: String?, example: String)
  case choice([String])
  case list(Shape)
  /// An object whose keys are not fixed.
  case map(Shape)
  case object([Member])
  /// Anything; the slice itself says what it takes.
  case any

  /// One field of an object.
  package struct Member: Hashable, Sendable {
    package let name: String
    package let shape: Shape
    package let isRequired: Bool

    package init(name: String, shape: Shape, isRequired: Bool) {
      self.name = name
      self.shape = shape
      self.isRequired = isRequired
    }
  }

  /// The shape of a type, found by letting it decode a value that answers whatever is asked.
  package init<Value: Decodable>(of type: Value.Type) {
    self = ShapeProbe.shape(of: type, depth: 0).shape
  }

  /// The shape of a field, nil when there is none of that name.
  package func member(_ name: String) -> Member? {
    if case .object(let members) = self { members.first { $0.name == name } } else { nil }
  }

  /// A value of the shape, with every field that must be given.
  package var example: Fields {
    switch self {
    case .flag: .flag(true)
    case .integer: .integer(1)
    case .number: .real(0.5)
    case .text(_, let example): .text(example)
    case .choice(let choices): .text(choices.first ?? "")
    case .list(let element): .list([element.example])
    case .map, .any: .object([:])
    case .object(let members):
      .object(
        Dictionary(
          members.filter(\.isRequired).map { ($0.name, $0.shape.example) },
          uniquingKeysWith: { first, _ in first }))
    }
  }
}

/// A type that says itself what it looks like, because its decoding checks what it is given.
package protocol Described: Decodable {
  static var shape: Shape { get }
}

extension ID: Described {
  package static var shape: Shape { .text(format: nil, example: "01hf8z3k6q") }
}

extension PlacePath: Described {
  package static var shape: Shape { .text(format: nil, example: "1.1.1") }
}

extension Instant: Described {
  package static var shape: Shape {
    .text(format: "date-time", example: "2022-11-29T08:30:00+08:00")
  }
}

extension Day: Described {
  package static var shape: Shape { .text(format: "date", example: "2022-11-29") }
}

extension Fields: Described {
  package static var shape: Shape { .any }
}
