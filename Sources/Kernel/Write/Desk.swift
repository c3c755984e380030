/// A command on its way: who sends it, under which identifier, and what it says.
package struct Envelope: Sendable {
  package let id: CommandID
  package let name: String
  package let body: Fields
  package let sender: Sender
  /// When it was done, by the clock of a device that had no network; nil when it is done now. Work of
  /// a shift that comes in after the shift is taken by it.
  package let doneAt: Instant?

  package init(
    id: CommandID, name: String, body: Fields, sender: Sender, doneAt: Instant? = nil
  ) {
    self.doneAt = doneAt
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
  /// Called after each command that changed something.
  package let changed: @Sendable () -> Void
  /// Tells pages that are open to ask again.
  let tell: @Sendable () -> Void
  /// Counts of large areas, kept for a while.
  package let counts: KeptCounts
  /// How the queue of commands fares.
  package let commits = CommitFigures()
  /// Rung when something waits in the outbox that may be performed at once.
  package let errandBell = ErrandBell()
  private let queue: CommitQueue

  package init(
    storage: any Storage, assembly: Assembly, jurisdiction: Jurisdiction, rules: Rulebook,
    vault: Vault, clock: Clock, counts: KeptCounts = KeptCounts(),
    changed: @escaping @Sendable () -> Void = {}
  ) {
    self.storage = storage
    self.assembly = assembly
    self.jurisdiction = jurisdiction
    self.rules = rules
    self.vault = vault
    self.clock = clock
    self.counts = counts
    tell = changed
    self.changed = {
      counts.changed()
      changed()
    }
    queue = CommitQueue(storage: storage, vault: vault, clock: clock, figures: commits)
  }

  /// Why nothing new is taken at the moment, neither from people nor from the clock; nil while all is
  /// well. Reading goes on.
  package var standstill: (any Error)? { storage.trouble ?? clock.fault() }

  private func requireMoving() throws {
    if let standstill { throw standstill }
  }

  /// Performs a command and gives its receipt when it is durable. The same identifier with the
  /// same content gives the same receipt and changes nothing.
  ///
  /// - Throws: a ``Refusal`` when the answer is no; anything else when the world failed.
  package func submit(_ envelope: Envelope) async throws -> Receipt {
    do {
      return try await submit(body(of: envelope), of: envelope.id)
    } catch let refusal as Refusal {
      await noteRefusal(refusal, of: envelope.name, envelope.sender)
      throw refusal
    }
  }

  /// Notes that a watched command was refused. That it was refused is the answer whatever happens
  /// here.
  private func noteRefusal(_ refusal: Refusal, of name: String, _ sender: Sender) async {
    guard case .account(let account) = sender, refusal.kind != .overloaded,
      let attempt = assembly.commands[name]?.attempt
    else { return }
    // An identifier of its own: what was refused may be sent again under the same one, with other
    // content, and counts again.
    _ = try? await submit(attempt(account, refusal.code), id: newCommandID(), as: .clock)
  }

  /// Performs commands in their order, each for itself; they share a transaction as far as there is
  /// room, so that a device that was away for hours hands over its work with few waits for the disk.
  ///
  /// - Returns: for each its receipt, or why not.
  package func submit(all envelopes: [Envelope]) async throws -> [Result<Receipt, any Error>] {
    try requireMoving()
    let bodies = try envelopes.map { (id: $0.id, body: try body(of: $0)) }
    let outcomes = try await queue.submit(all: bodies).map { outcome in
      outcome.flatMap { receipt in
        receipt.map { .success($0) }
          ?? .failure(Defect("the queue gave no receipt for a command"))
      }
    }
    let receipts = outcomes.compactMap { try? $0.get() }
    tellOfWhatIsLeft(by: receipts)
    for (envelope, outcome) in zip(envelopes, outcomes) {
      if case .failure(let refusal as Refusal) = outcome {
        await noteRefusal(refusal, of: envelope.name, envelope.sender)
      }
    }
    return outcomes
  }

  /// Performs a command that is a value already.
  @discardableResult
  package func submit<C: Command>(
    _ command: C, id: CommandID, as sender: Sender
  ) async throws -> Receipt {
    let desk = self
    let fields = try Fields.json(Fields.jsonBytes(command))
    let sent = Sent(id, sender, fingerprint: fingerprint(C.name, fields))
    do {
      return try await submit({ try desk.receipt(of: sent, in: $0) { command } }, of: id)
    } catch let refusal as Refusal {
      await noteRefusal(refusal, of: C.name, sender)
      throw refusal
    }
  }

  /// Performs commands one after another in one transaction and undoes them all: what would happen.
  /// What was done before answers with its receipt.
  package func rehearse(_ envelopes: [Envelope]) async throws -> [Receipt] {
    try requireMoving()
    let desk = self
    return try await storage.write { transaction in
      var receipts: [Receipt] = []
      let journaled = try JournaledTransaction(transaction, vault: desk.vault)
      do {
        try journaled.savepoint {
          for envelope in envelopes {
            let kind = try desk.kind(envelope.name)
            let sent = Sent(envelope, fingerprint: desk.fingerprint(kind.name, envelope.body))
            receipts.append(
              try desk.receipt(of: sent, in: journaled) { try kind.decode(envelope.body) })
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

  /// What is known of a command before it is decoded.
  private struct Sent: Sendable {
    let id: CommandID
    let sender: Sender
    let fingerprint: String
    var doneAt: Instant?

    init(_ id: CommandID, _ sender: Sender, fingerprint: String) {
      self.id = id
      self.sender = sender
      self.fingerprint = fingerprint
    }

    init(_ envelope: Envelope, fingerprint: String) {
      self.init(envelope.id, envelope.sender, fingerprint: fingerprint)
      doneAt = envelope.doneAt
    }
  }

  private func kind(_ name: String) throws(Refusal) -> CommandKind {
    guard let kind = assembly.commands[name] else {
      throw .notFound(Words("命令", "command"), name, field: "name")
    }
    return kind
  }

  private func fingerprint(_ name: String, _ fields: Fields) -> String {
    Hex.text(vault.suite.digest(fields.canonicalBytes(name: name)).prefix(16))
  }

  /// What is to be done for a command. It is understood before it waits for its turn: while it has it,
  /// everybody else waits.
  private func body(of envelope: Envelope) throws(Refusal) -> CommitQueue.Body {
    let desk = self
    let kind = try kind(envelope.name)
    let sent = Sent(envelope, fingerprint: fingerprint(kind.name, envelope.body))
    let command = Result { () throws(Refusal) in prepared(try kind.decode(envelope.body)) }
    return { try desk.receipt(of: sent, in: $0) { try command.get() } }
  }

  private func prepared(_ command: any Command) -> any Command {
    guard let command = command as? any PreparedCommand else { return command }
    let today = Day(of: clock.now(), in: rules.zone)
    return command.prepared(with: Preparation(vault: vault, rules: rules, today: today))
  }

  private func submit(
    _ body: @escaping CommitQueue.Body, of command: CommandID
  ) async throws -> Receipt {
    try requireMoving()
    guard let receipt = try await queue.submit(body, of: command) else {
      throw Defect("the queue gave no receipt for a command")
    }
    tellOfWhatIsLeft(by: [receipt])
    return receipt
  }

  private func tellOfWhatIsLeft(by receipts: [Receipt]) {
    if receipts.contains(where: \.leftSomething) { changed() }
    if receipts.contains(where: \.leftErrand) { errandBell.ring() }
  }

  /// The receipt of a command: that of then when it was done before, else a new one.
  private func receipt(
    of sent: Sent, in transaction: JournaledTransaction,
    decode: () throws -> any Command
  ) throws -> Receipt {
    if let kept = try transaction.receipt(of: sent.id) {
      guard kept.fingerprint == sent.fingerprint && kept.sender == sent.sender.text else {
        // A phone whose sign-in ended sends it again after the next one; called used for something else,
        // it would put away as refused what has been done.
        if sent.sender == .nobody { throw Refusal.notSignedIn }
        throw Refusal(
          .conflict, "command.idReused",
          Words(
            "这个命令编号已用于别的内容，请换一个新编号",
            "This command id was used for something else; make a new one"))
      }
      try forgetErrand(sent, in: transaction)
      return kept.receipt
    }
    return try perform(decode(), sent, in: transaction)
  }

  private func perform(
    _ command: some Command, _ sent: Sent, in transaction: JournaledTransaction
  ) throws -> Receipt {
    let now = clock.now()
    let kind = type(of: command)
    let authority = try jurisdiction.authority(sent.sender, transaction, now, rules.policies)
    guard let doneAt = sent.doneAt, assembly.commands[kind.name]?.isOfTheField == true,
      authority.isResting(kind.duty)
    else { return try perform(command, sent, by: authority, at: now, in: transaction) }
    // An office of the duty rests, perhaps the one by which this was done; another may hold elsewhere.
    do {
      return try transaction.savepoint {
        try perform(command, sent, by: authority, at: now, in: transaction)
      }
    } catch let refusal as Refusal where refusal.isOfAuthority {
      guard
        let earlier = try jurisdiction.lateAuthority(
          LateWork(sender: sent.sender, doneAt: doneAt, now: now), transaction, rules.policies)
      else { throw refusal }
      return try perform(
        command, sent, by: earlier, at: now, isLate: true, in: transaction)
    }
  }

  /// - Parameter isLate: whether the authority is that of the moment at which it was done.
  private func perform(
    _ command: some Command, _ sent: Sent, by authority: Authority, at now: Instant,
    isLate: Bool = false, in transaction: JournaledTransaction
  ) throws -> Receipt {
    let kind = type(of: command)
    try authority.require(kind.duty)
    let work = Work(
      command: sent.id, now: now, authority: authority, transaction: transaction, vault: vault,
      assembly: assembly, jurisdiction: jurisdiction, rules: rules, journal: transaction.journal)
    try jurisdiction.require(
      kind.duty, over: command.area(in: work), of: authority, in: transaction)
    let before = transaction.journal.mark.sequence
    let answer = try Fields.jsonBytes(command.perform(in: work))
    if isLate { try work.record(TakenAfterShift(command: kind.name, doneAt: sent.doneAt ?? now)) }
    var receipt = Receipt(
      command: sent.id, name: kind.name, at: now, policy: work.policyText, answer: answer,
      isRepeat: false, checkpoint: transaction.checkpoint)
    receipt.leftSomething = transaction.journal.mark.sequence != before || work.errands > 0
    receipt.leftErrand = work.errandsAtOnce > 0
    // The clock asks every few seconds; a turn that changed nothing leaves nothing behind.
    if sent.sender != .clock || receipt.leftSomething {
      try ReceiptStore(transaction: transaction).keep(
        receipt, sender: sent.sender.text, fingerprint: sent.fingerprint)
    }
    try forgetErrand(sent, in: transaction)
    return receipt
  }

  /// What the clock was asked to do leaves the outbox in the transaction that does it.
  private func forgetErrand(_ sent: Sent, in transaction: any Transaction) throws {
    if sent.sender == .clock { try OutboxStore(transaction: transaction).remove(sent.id) }
  }

  /// Writes down whose data was read, in the next transaction.
  func note(_ body: @escaping @Sendable (any Transaction) throws -> Void) async throws {
    _ = try await queue.submit { transaction in
      try body(transaction)
      return nil
    }
  }
}
