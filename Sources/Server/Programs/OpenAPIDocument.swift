import Kernel
import Synchronization

/// The description of everything that programs can ask, made from the slices' declarations.
enum OpenAPIDocument {
  /// The document in OpenAPI 3.1.
  static func fields(of assembly: Assembly) -> Fields {
    var paths: [String: Fields] = [
      "/api/batch": .object(["post": batch(isRehearsal: false)]),
      "/api/rehearse": .object(["post": batch(isRehearsal: true)]),
    ]
    for slice in assembly.slices {
      for kind in slice.commands where !kind.isEdgeOnly && kind.duty != .clockOnly {
        paths["/api/commands/\(kind.name)"] = .object(["post": command(kind, slice.name)])
      }
      for kind in slice.queries {
        paths["/api/queries/\(kind.name)"] = .object([
          "get": question(kind, slice.name), "post": questionByBody(kind, slice.name),
        ])
      }
    }
    return .object([
      "openapi": .text("3.1.0"),
      "info": .object([
        "title": .text("Denghuo 灯火"), "version": .text("1"),
        "description": .text(
          "The street's part of an outbreak response. Commands change, queries read; each command carries an id made by its sender and is applied once."
        ), "license": .object(["name": .text("Apache-2.0"), "identifier": .text("Apache-2.0")]),
      ]),
      "servers": .list([.object(["url": .text("/")])]), "paths": .object(paths),
      "security": .list([.object(["token": .list([])])]),
      "components": .object([
        "securitySchemes": .object([
          "token": .object(["type": .text("http"), "scheme": .text("bearer")])
        ]), "schemas": schemas, "responses": responses,
      ]),
    ])
  }

  private static func command(_ kind: CommandKind, _ slice: String) -> Fields {
    let shapes = kind.shapes()
    return .object([
      "operationId": .text(kind.name), "tags": .list([.text(slice)]),
      "summary": .text("\(kind.name) (duty \(kind.duty.name))"),
      "parameters": .list([
        .object([
          "name": .text("Idempotency-Key"), "in": .text("header"), "required": .flag(true),
          "description": .text("The id of the command, made by the sender; a UUID will do."),
          "schema": identifier,
        ])
      ]), "requestBody": json(schema(shapes.body), example: shapes.body.example),
      "responses": .object(
        troubles.merging([
          "200": .object([
            "description": .text("Done, or done before under the same id."),
            "content": content(receipt(answer: schema(shapes.answer))),
          ])
        ]) { first, _ in first }),
    ])
  }

  private static func question(_ kind: QueryKind, _ slice: String) -> Fields {
    let shapes = kind.shapes()
    var parameters: [Fields] = []
    if case .object(let members) = shapes.body {
      parameters = members.map { member in
        .object([
          "name": .text(member.name), "in": .text("query"), "required": .flag(member.isRequired),
          "schema": schema(member.shape), "example": member.shape.example,
        ])
      }
    }
    if !kind.purposes.isEmpty { parameters.append(purpose(kind)) }
    return .object([
      "operationId": .text(kind.name), "tags": .list([.text(slice)]),
      "summary": .text("\(kind.name) (duty \(kind.duty.name))"), "parameters": .list(parameters),
      "responses": answers(shapes.answer),
    ])
  }

  private static func questionByBody(_ kind: QueryKind, _ slice: String) -> Fields {
    let shapes = kind.shapes()
    return .object([
      "operationId": .text("\(kind.name).post"), "tags": .list([.text(slice)]),
      "summary": .text("\(kind.name), asked with a body"),
      "parameters": .list(kind.purposes.isEmpty ? [] : [purpose(kind)]),
      "requestBody": json(schema(shapes.body), example: shapes.body.example),
      "responses": answers(shapes.answer),
    ])
  }

  private static func purpose(_ kind: QueryKind) -> Fields {
    .object([
      "name": .text("purpose"), "in": .text("query"), "required": .flag(true),
      "description": .text("Why people's data is read; the people concerned will see it."),
      "schema": .object([
        "type": .text("string"), "enum": .list(kind.purposes.map { .text($0.rawValue) }),
      ]),
    ])
  }

  private static func batch(isRehearsal: Bool) -> Fields {
    let entry = Fields.object([
      "type": .text("object"),
      "required": .list(
        (isRehearsal ? [] : ["id"]).map(Fields.text) + ["name", "command"].map(Fields.text)),
      "properties": .object([
        "id": identifier, "name": .object(["type": .text("string")]),
        "command": .object(["type": .text("object")]),
      ]),
    ])
    let list = Fields.object([
      "type": .text("array"), "maxItems": .integer(Int64(ProgramsAPI.largestBatch)),
      "items": entry,
    ])
    return .object([
      "operationId": .text(isRehearsal ? "rehearse" : "batch"), "tags": .list([.text("batch")]),
      "summary": .text(
        isRehearsal
          ? "What would happen; nothing is kept."
          : "Several commands in their order, each answered."),
      "requestBody": json(list, example: .list([])),
      "responses": .object(
        troubles.merging([
          "200": .object([
            "description": .text("One answer for each command, in the same order."),
            "content": content(
              .object([
                "type": .text("array"), "items": .object(["type": .text("object")]),
              ])),
          ])
        ]) { first, _ in first }),
    ])
  }

  private static func answers(_ shape: Shape) -> Fields {
    .object(
      troubles.merging([
        "200": .object([
          "description": .text("The answer."), "content": content(schema(shape)),
        ])
      ]) { first, _ in first })
  }

  private static func receipt(answer: Fields) -> Fields {
    .object([
      "type": .text("object"),
      "required": .list(["receipt", "at", "policy", "answer"].map(Fields.text)),
      "properties": .object([
        "receipt": .object(["type": .text("string")]),
        "at": .object(["type": .text("string"), "format": .text("date-time")]),
        "policy": .object(["type": .text("string")]), "answer": answer,
        "checkpoint": .object(["type": .text("string")]),
      ]),
    ])
  }

  private static func json(_ schema: Fields, example: Fields) -> Fields {
    .object([
      "required": .flag(true),
      "content": .object([
        "application/json": .object(["schema": schema, "example": example])
      ]),
    ])
  }

  private static func content(_ schema: Fields) -> Fields {
    .object(["application/json": .object(["schema": schema])])
  }

  /// A shape in the words of JSON Schema.
  static func schema(_ shape: Shape) -> Fields {
    switch shape {
    case .flag: return .object(["type": .text("boolean")])
    case .integer: return .object(["type": .text("integer")])
    case .number: return .object(["type": .text("number")])
    case .text(let format, _):
      var members: [String: Fields] = ["type": .text("string")]
      if let format { members["format"] = .text(format) }
      return .object(members)
    case .choice(let choices):
      return .object(["type": .text("string"), "enum": .list(choices.map(Fields.text))])
    case .list(let element):
      return .object(["type": .text("array"), "items": schema(element)])
    case .map(let value):
      return .object(["type": .text("object"), "additionalProperties": schema(value)])
    case .any: return .object([:])
    case .object(let members):
      var schema: [String: Fields] = [
        "type": .text("object"),
        "properties": .object(
          Dictionary(
            members.map { ($0.name, Self.schema($0.shape)) },
            uniquingKeysWith: { first, _ in first }
          )),
      ]
      let required = members.filter(\.isRequired).map { Fields.text($0.name) }
      if !required.isEmpty { schema["required"] = .list(required) }
      return .object(schema)
    }
  }

  private static let identifier = Fields.object([
    "type": .text("string"), "pattern": .text("^[A-Za-z0-9._:-]{8,100}$"),
  ])

  private static let troubles: [String: Fields] = Dictionary(
    uniqueKeysWithValues: ["400", "401", "403", "404", "409", "413", "415", "429", "503", "507"]
      .map { ($0, .object(["$ref": .text("#/components/responses/Refused")])) })

  private static let schemas = Fields.object([
    "Refused": .object([
      "type": .text("object"), "required": .list([.text("refusal")]),
      "properties": .object([
        "refusal": .object([
          "type": .text("object"), "required": .list([.text("code"), .text("message")]),
          "properties": .object([
            "code": .object([
              "type": .text("string"), "description": .text("Stable; for programs."),
            ]),
            "message": .object([
              "type": .text("string"),
              "description": .text("For people, in the language asked for."),
            ]), "field": .object(["type": .text("string")]),
          ]),
        ])
      ]),
    ])
  ])

  private static let responses = Fields.object([
    "Refused": .object([
      "description": .text("Not done, and why."),
      "content": .object([
        "application/json": .object([
          "schema": .object(["$ref": .text("#/components/schemas/Refused")])
        ])
      ]),
    ])
  ])
}

/// The description of what the server offers, made when somebody first asks for it: it takes longer than
/// all else at the start, and few ask.
final class KeptDocument: Sendable {
  private let assembly: Assembly
  private let made = Mutex<[UInt8]?>(nil)

  init(_ assembly: Assembly) { self.assembly = assembly }

  func bytes() throws -> [UInt8] {
    try made.withLock { made in
      if let made { return made }
      let bytes = try Fields.jsonBytes(OpenAPIDocument.fields(of: assembly))
      made = bytes
      return bytes
    }
  }
}
