import CPostgres
import Foundation
import Kernel

/// One open connection and the statements prepared on it. Used from one thread at a time.
final class PostgresWire {
  let handle: OpaquePointer
  private var prepared: [Prepared: String] = [:]
  /// What the server complained of last.
  private(set) var complaint: PostgresComplaint?
  /// A warning that came while a transaction was being made durable: it may not be.
  private var hasWarned = false
  /// Whether a statement of the transaction changed anything, undone or not.
  private(set) var hasChanged = false
  /// Something was sent by halves; nobody knows what the other side makes of it.
  private var isStuck = false
  /// The server can be reached, as far as the network says, and does not answer.
  private(set) var isSilent = false
  /// For how long an answer is waited for; nil for as long as it takes.
  var patience: Duration?

  /// Statements that go with the next one.
  private var waiting: [Request] = []
  private var book = PostgresBulkBook()
  private var lastNumber = 0
  private var lastName = 0

  private struct Prepared: Hashable {
    let text: String
    let types: [UInt32]
  }

  /// A statement on its way.
  private struct Request {
    let key: Prepared
    let values: [SQLValue]
    let arguments: PostgresArguments
    /// Set when rows like it may go together.
    let insert: PostgresBulk.Insert?
  }

  /// More are forgotten all together; lists of values of many lengths would fill the server.
  private static let mostPrepared = 512
  /// More are sent without one whose answer is needed, so that neither side's buffers fill up.
  private static let mostWaiting = 64

  /// Opens a connection whose sessions behave as the seam asks.
  ///
  /// - Throws: a ``StorageFailure`` when nobody answers there.
  init(_ address: PostgresAddress, application: String, first: Int = 0) throws {
    let words = address.connectionString(application: application, first: first)
    guard let handle = PQconnectdb(words) else {
      throw StorageFailure(.unavailable, "no memory is left for a connection")
    }
    self.handle = handle
    guard PQstatus(handle) == CONNECTION_OK else {
      throw StorageFailure.lost(String(cString: PQerrorMessage(handle)))
    }
    patience = Self.patienceOfOpening
    PQsetNoticeReceiver(
      handle,
      { wire, result in
        guard let wire, let result else { return }
        Unmanaged<PostgresWire>.fromOpaque(wire).takeUnretainedValue().hear(result)
      }, Unmanaged.passUnretained(self).toOpaque())
    try run(Self.settings)
    patience = nil
  }

  deinit { PQfinish(handle) }

  private static let patienceOfOpening = Duration.seconds(5)

  /// Nobody waits for a lock for ever; the server notices in seconds when this side has gone, so that
  /// what it held is free again; values are printed the same everywhere; compiling plans costs more
  /// than it brings here.
  private static let settings = """
    SET lock_timeout = '90s';
    SET tcp_keepalives_idle = 3;
    SET tcp_keepalives_interval = 2;
    SET tcp_keepalives_count = 2;
    SET tcp_user_timeout = '6s';
    SET bytea_output = 'hex';
    SET standard_conforming_strings = on;
    SET cursor_tuple_fraction = 1.0;
    SET jit = off
    """

  /// Whether the other side has gone.
  var isLost: Bool { isStuck || PQstatus(handle) != CONNECTION_OK }
  /// Whether a statement failed in the transaction, so that only undoing it is left.
  var isBroken: Bool { PQtransactionStatus(handle) == PQTRANS_INERROR }
  var isIdle: Bool { PQtransactionStatus(handle) == PQTRANS_IDLE }
  /// The server's number of this session.
  var session: Int32 { PQbackendPID(handle) }
  var socket: Int32 { PQsocket(handle) }
  /// Which of an address's servers this is.
  var host: String { PQhost(handle).map { String(cString: $0) } ?? "" }
  var port: String { PQport(handle).map { String(cString: $0) } ?? "" }

  /// Runs statements without arguments and gives the last one's answer.
  @discardableResult
  func run(_ text: String) throws -> PostgresAnswer {
    try flush()
    guard PQsendQuery(handle, text) == 1 else { throw lost() }
    return try answer(lastResult())
  }

  /// Runs a statement that will come again, after those that wait; it is planned once a connection.
  func perform(_ statement: SQL) throws -> PostgresAnswer {
    let request = try request(statement)
    if !waiting.isEmpty, let answer = try send(waiting + [request]) { return answer }
    let name = try prepared[request.key] ?? prepare(request.key)
    let isSent = request.arguments.lend { count, values, lengths, formats in
      PQsendQueryPrepared(handle, name, count, values, lengths, formats, 0)
    }
    guard isSent == 1 else { throw lost() }
    return try answer(lastResult())
  }

  /// Runs statements that will come again, one behind another, and gives the answer to each.
  func perform(each statements: [SQL]) throws -> [PostgresAnswer] {
    try flush()
    let requests = try statements.map(request)
    return try requests.chunks(of: Self.mostWaiting).flatMap(pipe)
  }

  /// Runs a statement once, with words before it.
  func perform(once prefix: String, _ statement: SQL) throws -> PostgresAnswer {
    try flush()
    let arguments = try PostgresArguments(statement.arguments)
    let isSent = arguments.lend { count, values, lengths, formats in
      PQsendQueryParams(
        handle, prefix + statement.text { "$\($0)" }, count, arguments.types, values, lengths,
        formats, 0)
    }
    guard isSent == 1 else { throw lost() }
    return try answer(lastResult())
  }

  /// Lets a statement wait until one comes whose answer is needed; they go together, which saves the
  /// way to the server and back.
  ///
  /// - Returns: its number, by which it can be taken back.
  @discardableResult
  func later(_ statement: SQL) throws -> Int {
    let request = try request(statement)
    let isRun = request.insert != nil && waiting.last?.insert == request.insert
    if waiting.count >= (isRun ? PostgresBulk.most : Self.mostWaiting) { try flush() }
    waiting.append(request)
    lastNumber += 1
    return lastNumber
  }

  /// Takes back a statement and all after it, if they were not sent yet.
  ///
  /// - Returns: whether they were not.
  func takeBack(from number: Int) -> Bool {
    let count = lastNumber - number + 1
    guard count <= waiting.count else {
      waiting = []
      return false
    }
    waiting.removeLast(count)
    lastNumber -= count
    return true
  }

  /// Sends what waits and hears whether it went well.
  func flush() throws { if !waiting.isEmpty { _ = try send(waiting) } }

  /// Makes the transaction durable.
  ///
  /// A server whose standby is away answers no COMMIT until one is back. It is waited for with an end,
  /// and then the connection is given up: to cancel the waiting would make the transaction visible
  /// though a failover may still lose it.
  ///
  /// - Throws: a failure of the kind `unknown` when the server did not say whether it is.
  func commit(within patience: Duration? = nil) throws {
    hasWarned = false
    let usual = self.patience
    self.patience = patience
    defer { self.patience = usual }
    do {
      let tag = try run("COMMIT").tag
      guard tag == "COMMIT" else {
        throw StorageFailure(.constraint, "PostgreSQL undid the transaction")
      }
    } catch {
      guard isLost || complaint?.isFatal == true else { throw error }
      let what = isSilent ? "no standby has confirmed" : "the connection was lost during"
      throw StorageFailure(.unknown, "PostgreSQL: \(what) COMMIT")
    }
    // “The transaction has already committed locally, but might not have been replicated.”
    if hasWarned {
      throw StorageFailure(.unknown, "PostgreSQL: the standby has not confirmed the transaction")
    }
  }

  /// A new transaction has nothing to do with what went wrong before.
  func begin(_ text: String) throws {
    complaint = nil
    waiting = []
    hasChanged = false
    try run(text)
  }

  /// What was not sent need not be, when all is undone.
  func forgetWaiting() { waiting = [] }

  /// Forgets prepared statements when there are too many; only between transactions.
  func tidy() throws {
    guard prepared.count > Self.mostPrepared else { return }
    try run("DEALLOCATE ALL")
    prepared = [:]
  }

  /// Waits for what other sessions tell, and gives the numbers of those that told something.
  func heard(within milliseconds: Int32) throws -> [Int32] {
    var waited = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    if poll(&waited, 1, milliseconds) > 0, PQconsumeInput(handle) == 0 { throw lost() }
    var sessions: [Int32] = []
    while let told = PQnotifies(handle) {
      sessions.append(told.pointee.be_pid)
      PQfreemem(told)
    }
    return sessions
  }

  private func request(_ statement: SQL) throws -> Request {
    let arguments = try PostgresArguments(statement.arguments)
    let key = Prepared(text: statement.text { "$\($0)" }, types: arguments.types)
    return Request(
      key: key, values: statement.arguments, arguments: arguments, insert: book.insert(key.text))
  }

  private func newName() -> String {
    lastName += 1
    return "s\(lastName)"
  }

  private func prepare(_ key: Prepared) throws -> String {
    let name = newName()
    guard PQsendPrepare(handle, name, key.text, Int32(key.types.count), key.types) == 1 else {
      throw lost()
    }
    _ = try answer(lastResult())
    prepared[key] = name
    return name
  }

  /// Sends statements in their order, long runs of rows for one table by COPY.
  private func send(_ requests: [Request]) throws -> PostgresAnswer? {
    waiting = []
    var last: PostgresAnswer?
    var start = requests.startIndex
    var piped = start
    while start < requests.endIndex {
      let insert = requests[start].insert
      let end =
        requests[start...].firstIndex { $0.insert == nil || $0.insert != insert }
        ?? requests.endIndex
      if let insert, end - start >= PostgresBulk.fewest {
        if piped < start { _ = try pipe(requests[piped..<start]) }
        let copy = try PostgresCopy(into: insert.table, insert.columns, on: self)
        for request in requests[start..<end] { try copy.add(request.values) }
        last = try copy.finish()
        piped = end
      }
      start = max(end, start + 1)
    }
    return piped < requests.endIndex ? try pipe(requests[piped...]).last : last
  }

  /// Sends statements one behind another and then reads what became of them. After one that fails the
  /// server passes over the rest.
  private func pipe(_ requests: ArraySlice<Request>) throws -> [PostgresAnswer] {
    guard PQenterPipelineMode(handle) == 1 else { throw stuck() }
    var fresh: [Prepared: String] = [:]
    for request in requests {
      let known = prepared[request.key] ?? fresh[request.key]
      let name = known ?? newName()
      if known == nil {
        let (text, types) = (request.key.text, request.key.types)
        guard PQsendPrepare(handle, name, text, Int32(types.count), types) == 1 else {
          throw stuck()
        }
        fresh[request.key] = name
      }
      let isSent = request.arguments.lend { count, values, lengths, formats in
        PQsendQueryPrepared(handle, name, count, values, lengths, formats, 0)
      }
      guard isSent == 1 else { throw stuck() }
    }
    guard PQpipelineSync(handle) == 1 else { throw stuck() }
    return try read(requests, fresh)
  }

  private func read(
    _ requests: ArraySlice<Request>, _ fresh: [Prepared: String]
  ) throws -> [PostgresAnswer] {
    var unprepared = fresh
    var failure: (any Error)?
    var answers: [PostgresAnswer] = []
    func next(isKept: Bool) {
      // Each answer is followed by nothing, which parts it from the next.
      do {
        let answer = try answer(nextResult())
        if isKept { answers.append(answer) }
        while let more = try nextResult() { PQclear(more) }
      } catch {
        failure = failure ?? error
        while let more = try? nextResult() { PQclear(more) }
      }
    }
    for request in requests {
      if let name = unprepared.removeValue(forKey: request.key) {
        next(isKept: false)
        if failure == nil { prepared[request.key] = name }
      }
      next(isKept: true)
    }
    if let end = try nextResult() { PQclear(end) }
    guard PQexitPipelineMode(handle) == 1 else { throw failure ?? stuck() }
    if let failure { throw failure }
    return answers
  }

  /// The last answer to what was sent.
  func lastResult() throws -> OpaquePointer? {
    var last: OpaquePointer?
    do {
      while let result = try nextResult() {
        PQclear(last)
        last = result
      }
    } catch {
      PQclear(last)
      throw error
    }
    return last
  }

  /// The next answer to what was sent; nil after the last.
  func nextResult() throws -> OpaquePointer? {
    if isSilent { throw Self.silence }
    if let patience {
      let end = ContinuousClock.now + patience
      while PQisBusy(handle) == 1 {
        let left = Int32(clamping: Int64((end - ContinuousClock.now) / .milliseconds(1)))
        guard left > 0 else {
          isStuck = true
          isSilent = true
          throw Self.silence
        }
        var waited = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        // Why nothing can be read any more is told with the answer.
        if poll(&waited, 1, left) > 0, PQconsumeInput(handle) == 0 { break }
      }
    }
    return PQgetResult(handle)
  }

  private static let silence = StorageFailure(.unavailable, "PostgreSQL does not answer")

  @discardableResult
  func answer(_ result: OpaquePointer?) throws -> PostgresAnswer {
    guard let result else { throw lost() }
    switch PQresultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
      let answer = PostgresAnswer(result)
      if answer.isChange { hasChanged = true }
      return answer
    case PGRES_PIPELINE_ABORTED:
      PQclear(result)
      throw StorageFailure(.constraint, "PostgreSQL: a statement before this one failed")
    default:
      defer { PQclear(result) }
      let complaint = PostgresComplaint(result)
      self.complaint = complaint
      throw isLost && !complaint.isFatal ? lost() : complaint.failure
    }
  }

  private func stuck() -> StorageFailure {
    isStuck = true
    return lost()
  }

  func lost() -> StorageFailure { .lost(String(cString: PQerrorMessage(handle))) }

  private func hear(_ result: OpaquePointer) {
    guard
      let severity = PQresultErrorField(
        result, Int32(POSTGRES_FIELD_SEVERITY))
    else { return }
    if String(cString: severity) == "WARNING" { hasWarned = true }
  }
}
