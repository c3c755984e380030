/// A command on its way: who sends it, under which identifier, and what it says.
package struct Envelope: Sendable {
  package let id: CommandID
  package let name: String
  package let body: Fields
  package let sender: Sender

  package init(id: CommandID, name: String, body: Fields, sender: Sender) {
    self.id = id
    self.name = name
    self.body = body
    self.sender = sender
  }
}

/// The one place through which anything is changed and read.
///
/// Commands that wait at the same moment share one transaction, a savepoint each, and are
/// acknowledged after it is durable.
package struct Desk: Sendable {
  package let storage: any Storage
  package let assembly: Assembly
  package let jurisdiction: Jurisdiction
  package let rules: Rulebook
  package let vault: Vault
  package let clock: Clock
  /// Called after each batch that changed something.
  package let changed: @Sendable () -> Void
  private let queue: CommitQueue

  package init(
    storage: any Storage, assembly: Assembly, jurisdiction: Jurisdiction, rules: Rulebook,
    vault: Vault, clock: Clock, changed: @escaping @Sendable () -> Void = {}
  ) {
    self.storage = storage
    self.assembly = assembly
    self.jurisdiction = jurisdiction
    self.rules = rules
    self.vault = vault
    self.clock = clock
    self.changed = changed
    queue = CommitQueue(storage: storage, vault: vault)
  }

  /// Performs a command and gives its receipt when it is durable. The same identifier with the
  /// same content gives the same receipt and changes nothing.
  ///
  /// - Throws: a ``Refusal`` when the answer is no; anything else when the world failed.
  package func submit(_ envelope: Envelope) async throws -> Receipt {
    guard let kind = assembly.commands[envelope.name] else {
      throw Refusal.notFound(Words("命令", "command"), envelope.name, field: "name")
    }
    return try await submit(
      envelope.id, kind.name, sender: envelope.sender, fields: envelope.body
    ) { fields throws(Refusal) in
      try kind.decode(fields)
    }
  }

  /// Performs a command that is a value already.
  @discardableResult
  package func submit<C: Command>(
    _ command: C, id: CommandID, as sender: Sender
  ) async throws -> Receipt {
    let fields = try Fields.json(Fields.jsonBytes(command))
    return try await submit(id, C.name, sender: sender, fields: fields) { _ in command }
  }

  /// Performs commands one after another in one transaction and undoes them all: what would happen.
  package func rehearse(_ envelopes: [Envelope]) async throws -> [Receipt] {
    let desk = self
    return try await storage.write { transaction in
      var receipts: [Receipt] = []
      let journal = try JournalWriter(transaction, vault: desk.vault)
      do {
        try transaction.savepoint {
          for envelope in envelopes {
            guard let kind = desk.assembly.commands[envelope.name] else {
              throw Refusal.notFound(Words("命令", "command"), envelope.name, field: "name")
            }
            let command = try kind.decode(envelope.body)
            receipts.append(
              try desk.perform(
                command, id: envelope.id, sender: envelope.sender, fingerprint: "",
                transaction: transaction, journal: journal))
          }
          throw Rehearsed()
        }
      } catch is Rehearsed {}
      return receipts
    }
  }

  /// A fresh identifier, for a command that the edge itself sends or that a form will send.
  package func newCommandID() -> CommandID {
    CommandID(trusted: Mint.text(at: clock.now(), chance: vault.entropy.bytes(10)))
  }

  private struct Rehearsed: Error {}

  private func submit(
    _ id: CommandID, _ name: String, sender: Sender, fields: Fields,
    decode: @escaping @Sendable (Fields) throws(Refusal) -> any Command
  ) async throws -> Receipt {
    let fingerprint = Hex.text(vault.suite.digest(fields.canonicalBytes(name: name)).prefix(16))
    let desk = self
    let receipt = try await queue.submit { transaction, journal in
      if let kept = try ReceiptStore(transaction: transaction).kept(id) {
        guard kept.fingerprint == fingerprint && kept.sender == sender.text else {
          throw Refusal(
            .conflict, "command.idReused",
            Words(
              "这个命令编号已用于别的内容，请换一个新编号",
              "This command id was used for something else; make a new one"))
        }
        return kept.receipt
      }
      return try desk.perform(
        try decode(fields), id: id, sender: sender, fingerprint: fingerprint,
        transaction: transaction, journal: journal)
    }
    if !receipt.isRepeat { changed() }
    return receipt
  }

  private func perform(
    _ command: some Command, id: CommandID, sender: Sender, fingerprint: String,
    transaction: any Transaction, journal: JournalWriter
  ) throws -> Receipt {
    let now = clock.now()
    let kind = type(of: command)
    let authority = try jurisdiction.authority(sender, transaction, now, rules.policies)
    try authority.require(kind.duty)
    let work = Work(
      command: id, now: now, authority: authority, transaction: transaction, vault: vault,
      assembly: assembly, jurisdiction: jurisdiction, rules: rules, journal: journal)
    try jurisdiction.require(
      kind.duty, over: command.area(in: work), of: authority, in: transaction)
    let before = journal.mark.sequence
    let answer = try Fields.jsonBytes(command.perform(in: work))
    let receipt = Receipt(
      command: id, name: kind.name, at: now, policy: work.policyText, answer: answer,
      isRepeat: false)
    // The clock asks every few seconds; a turn that changed nothing leaves nothing behind.
    if sender != .clock || journal.mark.sequence != before {
      try ReceiptStore(transaction: transaction).keep(
        receipt, sender: sender.text, fingerprint: fingerprint)
    }
    return receipt
  }
}
