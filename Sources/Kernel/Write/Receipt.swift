/// What the desk gives for a command that was done. The same command id gets the same receipt.
package struct Receipt: Sendable {
  package let command: CommandID
  package let name: String
  package let at: Instant
  /// The policy versions that decided, such as `cn-9@1 offices@1`; empty when none was asked.
  package let policy: String
  /// The command's answer as JSON.
  package let answer: [UInt8]
  /// Whether it was done before and this is the receipt of then.
  package let isRepeat: Bool
  /// The journal's youngest checkpoint then, as people copy it: who keeps the receipt can hold the
  /// journal to it. Nil before the first.
  package let checkpoint: String?
  /// Whether performing it recorded a fact or asked for an errand.
  var leftSomething = false
  /// Whether it asked for an errand that may be performed at once.
  var leftErrand = false

  package init(
    command: CommandID, name: String, at: Instant, policy: String, answer: [UInt8],
    isRepeat: Bool, checkpoint: String? = nil
  ) {
    self.command = command
    self.name = name
    self.at = at
    self.policy = policy
    self.answer = answer
    self.isRepeat = isRepeat
    self.checkpoint = checkpoint
  }

  /// The answer as the command's own type.
  package func decoded<Answer: Decodable>(_ type: Answer.Type = Answer.self) throws -> Answer {
    try Fields.json(answer).decodedAnswer(type)
  }
}

/// Statements about receipts.
struct ReceiptStore {
  let transaction: any Transaction

  /// What is kept of a command that was done.
  struct Kept {
    let receipt: Receipt
    let sender: String
    let fingerprint: String
  }

  /// Asks for what is kept of a command.
  static func kept(_ command: CommandID) -> SQL {
    """
    SELECT name, at, policy, answer, sender, fingerprint, checkpoint
    FROM receipt
    WHERE command = \(command)
    """
  }

  static func kept(_ row: Row, of command: CommandID) -> Kept {
    Kept(
      receipt: Receipt(
        command: command, name: row.text(0), at: row.instant(1), policy: row.text(2),
        answer: Array(row.text(3).utf8), isRepeat: true,
        checkpoint: row.optionalText(6)),
      sender: row.text(4), fingerprint: row.text(5))
  }

  func keep(_ receipt: Receipt, sender: String, fingerprint: String) throws {
    try transaction.put(
      """
      INSERT INTO receipt (command, name, at, policy, answer, sender, fingerprint, checkpoint)
      VALUES (\(receipt.command), \(receipt.name), \(receipt.at), \(receipt.policy),
        \(String(decoding: receipt.answer, as: UTF8.self)), \(sender), \(fingerprint),
        \(receipt.checkpoint))
      """)
  }
}
