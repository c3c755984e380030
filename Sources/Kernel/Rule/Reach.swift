/// Over which area a command or a question is judged, as the authorisation matrix names it.
package enum Reach: String, Codable, CaseIterable, Sendable {
  /// The sender's own account, or a resident's own file.
  case own
  /// The place that it names; the whole installation when it names none.
  case place
  /// The area of the thing that it names: a case, a person, an obligation.
  case thing
  /// The whole installation.
  case everywhere
  /// Wherever the duty is held; it checks each place that it touches itself.
  case eachChecked

  /// How people read it.
  package var words: Words {
    switch self {
    case .own: Words("本人", "own")
    case .place: Words("所填地点", "the place named")
    case .thing: Words("所涉对象所在地", "where the thing named lies")
    case .everywhere: Words("全部", "everywhere")
    case .eachChecked: Words("逐处检查", "each place checked")
    }
  }
}

extension Desk {
  /// Over which area a kind of command is judged: asked of the command itself, with examples of all that
  /// it may be told, in a transaction that is undone.
  package func reach(of kind: CommandKind) async throws -> Reach {
    let desk = self
    let body = Self.fullExample(kind.shapes().body)
    return try await storage.write { transaction in
      let journaled = try JournaledTransaction(transaction, vault: desk.vault)
      var found = Reach.thing
      do {
        try journaled.savepoint {
          let command = try kind.decode(body)
          let authority = Authority(sender: .clock, offices: [])
          let work = Work(
            command: desk.newCommandID(), now: desk.clock.now(), authority: authority,
            transaction: journaled, vault: desk.vault, assembly: desk.assembly,
            jurisdiction: desk.jurisdiction, rules: desk.rules, journal: journaled.journal)
          found = Reach(try command.area(in: work))
          throw Undone()
        }
      } catch is Undone {
      } catch is Refusal {
        // It names a thing that has to be there to have an area.
      }
      return found
    }
  }

  /// Over which area a kind of question is judged.
  package func reach(of kind: QueryKind) async throws -> Reach {
    let desk = self
    let body = Self.fullExample(kind.shapes().body)
    return try await storage.read { transaction in
      let reading = desk.reading(
        at: desk.clock.now(), by: Authority(sender: .clock, offices: []),
        for: kind.purposes.first ?? .supervision, in: .english, transaction)
      do {
        return Reach(try kind.area(body, reading))
      } catch is Refusal { return .thing }
    }
  }

  private struct Undone: Error {}

  /// An example with what may be left out as well, where it is a place: a question that names none is
  /// about everywhere.
  private static func fullExample(_ shape: Shape) -> Fields {
    guard case .object(let members) = shape, case .object(var fields) = shape.example else {
      return shape.example
    }
    for member in members where member.name == "place" { fields["place"] = member.shape.example }
    return .object(fields)
  }
}

extension Reach {
  init(_ area: Area) {
    self =
      switch area {
      case .own: .own
      case .place: .place
      case .path: .thing
      case .everywhere: .everywhere
      case .eachChecked: .eachChecked
      }
  }
}
