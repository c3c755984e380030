import Gazette
import Kernel
import Registry

/// Registers one swab: this person's swab is in this tube.
///
/// At a desk, what contradicts what is known is refused, because the swab is not taken yet. With
/// `device` it was taken away from the network: it is kept whatever it contradicts, and a human is
/// shown the contradiction.
package struct RegisterSwab: Command {
  package static let name = "screening.register"
  package static let duty: Duty = "screening.register"
  package let row: SwabRow
  /// The device that registered it away from the network.
  package let device: String?

  private enum CodingKeys: String, CodingKey { case device }

  package init(_ row: SwabRow, device: String? = nil) {
    self.row = row
    self.device = device
  }

  package init(from decoder: any Decoder) throws {
    row = try SwabRow(from: decoder)
    device = try decoder.container(keyedBy: CodingKeys.self)
      .decodeIfPresent(String.self, forKey: .device)
  }

  package func encode(to encoder: any Encoder) throws {
    try row.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(device, forKey: .device)
  }

  // The point may be in another area than the person: the row says which.
  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> SwabAnswer {
    var registering = try Registering(work)
    let device = try device.map { try DeviceName.check($0) }
    let (answer, person) = try registering.take(
      row, claim: work.command.text, device: device)
    try registering.book.save()
    if !answer.known {
      try work.record(
        SampleRegistered(
          round: row.round, tube: row.tube, person: person, point: row.point,
          sampledAt: row.sampledAt ?? work.now))
    }
    return answer
  }
}

/// How devices call themselves.
enum DeviceName {
  /// A name that shows whole and is no sentence.
  static func check(_ written: String) throws(Refusal) -> String {
    let id = try ID<CommandTag>(written, field: "device")
    guard id.text.utf8.count <= 64 else {
      throw Refusal(
        .invalid, "device.long",
        Words("设备名最多 64 位，请缩短", "A device's name has at most 64 bytes; shorten it"), field: "device"
      )
    }
    return id.text
  }
}

/// Takes in a file of registrations, row by row.
package struct ImportSwabs: Command {
  package static let name = "screening.importRegistrations"
  package static let duty: Duty = RegisterSwab.duty
  package let rows: [Fields]
  package let run: String?

  package init(rows: [Fields], run: String? = nil) {
    self.rows = rows
    self.run = run
  }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> ImportAnswer {
    var answer = ImportAnswer()
    var registering = try Registering(work, ofFile: true)
    for (index, fields) in rows.enumerated() {
      do {
        let row = try fields.decoded(SwabRow.self, strict: false)
        // A row that is refused half-way leaves nothing behind.
        var attempt = registering
        let taken = try registering.book.attempt {
          try work.transaction.savepoint {
            try attempt.take(row, claim: "\(work.command.text)/\(index)", device: nil)
          }
        }
        registering = attempt
        if taken.answer.known {
          answer.outcomes.append(
            .init(
              row: index, verdict: .duplicate, code: "swab.known",
              words: Words("该采样已登记", "This swab is registered already")))
        } else {
          answer.accepted += 1
        }
      } catch let refusal as Refusal {
        answer.reject(index, refusal)
      }
    }
    try registering.book.save()
    try work.record(SamplesImported(run: run, accepted: answer.accepted))
    return answer
  }
}
