import Cryptography
import Foundation
import Kernel

/// The outer form of a backup: a head, then sealed frames. Each frame says which it is and whether it
/// is the last, so that none can be changed, left out, put elsewhere or cut off unseen.
enum BackupForm: String {
  case backup = "DENGHUO-BACKUP-1\n"
  /// Changes since a backup, written piece by piece as they come.
  case tail = "DENGHUO-TAIL-1\n"

  var magic: [UInt8] { Array(rawValue.utf8) }
  static let frameBytes = 1 << 20
  /// A sealed frame is its content with a nonce and a tag.
  static let overhead = 28

  /// The key of one backup, which no other has: the public half that goes along is made for it.
  func key(shared: [UInt8], own: [UInt8], reader: [UInt8]) -> [UInt8] {
    OpenSSLSuite().authenticate(magic + own + reader, key: shared)
  }

  static func context(frame: UInt64, isLast: Bool) -> [UInt8] {
    frame.bigEndianBytes + [isLast ? 1 : 0]
  }

  /// Every backup has its own key, so counting frames makes nonces that never repeat.
  static func nonce(_ frame: UInt64) -> [UInt8] { [0, 0, 0, 0] + frame.bigEndianBytes }
}

/// Seals what is written into it, frame by frame.
final class BackupWriter {
  private let file: FileHandle
  private let key: [UInt8]
  private var buffer: [UInt8] = []
  private var frame: UInt64 = 0

  init(_ file: FileHandle, _ form: BackupForm, for reader: BackupKey, entropy: Entropy) throws {
    self.file = file
    let secret = entropy.bytes(KeyAgreement.bytes)
    let own = try KeyAgreement.publicKey(of: secret)
    let shared = try KeyAgreement.agree(privateKey: secret, publicKey: reader.bytes)
    key = form.key(shared: shared, own: own, reader: reader.bytes)
    try file.write(contentsOf: form.magic + own + reader.bytes)
  }

  func write(_ bytes: [UInt8]) throws {
    buffer += bytes
    while buffer.count > BackupForm.frameBytes {
      try seal(Array(buffer.prefix(BackupForm.frameBytes)), isLast: false)
      buffer.removeFirst(BackupForm.frameBytes)
    }
  }

  /// Seals what was written so far, so that a reader finds it although more will come.
  func flush() throws {
    if !buffer.isEmpty { try seal(buffer, isLast: false) }
    buffer = []
  }

  func finish() throws {
    try seal(buffer, isLast: true)
    buffer = []
  }

  private func seal(_ plain: [UInt8], isLast: Bool) throws {
    let sealed = try OpenSSLSuite().seal(
      plain, key: key, nonce: BackupForm.nonce(frame),
      context: BackupForm.context(frame: frame, isLast: isLast))
    try file.write(contentsOf: UInt32(sealed.count).bigEndianBytes + sealed)
    frame += 1
  }
}

/// Opens a backup frame by frame.
final class BackupReader {
  private let file: FileHandle
  private let key: [UInt8]
  private var frame: UInt64 = 0
  private var buffer: [UInt8] = []
  private var place = 0
  private(set) var isAtEnd = false
  /// Whether the file ended inside a frame, as when its writer was cut off.
  private(set) var isTorn = false

  /// - Throws: a refusal when it is no backup, or one for another key.
  init(_ path: String, _ form: BackupForm = .backup, privateKey: [UInt8]) throws {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw Refusal.notFound(Words("备份文件", "backup file"), path, field: "file")
    }
    self.file = file
    let head = try file.read(upToCount: form.magic.count) ?? Data()
    guard Array(head) == form.magic else { throw Refusal.noBackup }
    let keys = try file.read(upToCount: 2 * KeyAgreement.bytes) ?? Data()
    guard keys.count == 2 * KeyAgreement.bytes else { throw Refusal.damagedBackup }
    let own = Array(keys.prefix(KeyAgreement.bytes))
    let reader = Array(keys.suffix(KeyAgreement.bytes))
    guard try KeyAgreement.publicKey(of: privateKey) == reader else {
      throw Refusal.wrongBackupKey
    }
    do {
      let shared = try KeyAgreement.agree(privateKey: privateKey, publicKey: own)
      key = form.key(shared: shared, own: own, reader: reader)
    } catch is CipherFailure { throw Refusal.damagedBackup }
  }

  /// So many bytes from the stream.
  ///
  /// - Throws: a refusal when they are not all there, or anything was changed.
  func read(_ count: Int) throws -> ArraySlice<UInt8> {
    while buffer.count - place < count {
      guard !isAtEnd else { throw Refusal.damagedBackup }
      try nextFrame()
    }
    defer { place += count }
    return buffer[place..<(place + count)]
  }

  /// Checks that nothing follows.
  func requireEnd() throws {
    if !isAtEnd { try nextFrame() }
    guard isAtEnd, place == buffer.count, try file.read(upToCount: 1)?.isEmpty ?? true else {
      throw Refusal.damagedBackup
    }
  }

  private func nextFrame() throws {
    let head = try file.read(upToCount: 4) ?? Data()
    isTorn = head.count < 4
    let length = head.reduce(0) { $0 << 8 | Int($1) }
    guard !isTorn, length >= BackupForm.overhead,
      length <= BackupForm.frameBytes + BackupForm.overhead
    else { throw Refusal.damagedBackup }
    let sealed = try file.read(upToCount: length) ?? Data()
    isTorn = sealed.count < length
    guard !isTorn, Array(sealed.prefix(12)) == BackupForm.nonce(frame) else {
      throw Refusal.damagedBackup
    }
    buffer.removeFirst(place)
    place = 0
    buffer += try opened(Array(sealed))
    frame += 1
  }

  private func opened(_ sealed: [UInt8]) throws -> [UInt8] {
    let suite = OpenSSLSuite()
    func open(isLast: Bool) -> [UInt8]? {
      try? suite.open(
        sealed, key: key, context: BackupForm.context(frame: frame, isLast: isLast))
    }
    if let plain = open(isLast: false) { return plain }
    guard let plain = open(isLast: true) else { throw Refusal.damagedBackup }
    isAtEnd = true
    return plain
  }
}

extension Refusal {
  static let noBackup = Refusal(
    .invalid, "backup.none",
    Words("这不是灯火的备份文件，或由别的版本写成", "This is no backup of Denghuo, or of another form"),
    field: "file")
  static let wrongBackupKey = Refusal(
    .forbidden, "backup.wrongKey",
    Words(
      "这份备份是为另一把密钥做的，请给出与它配对的私钥",
      "This backup was made for another key; give the private half that belongs to it"),
    field: "private")
  static let newerBackup = Refusal(
    .conflict, "backup.newer",
    Words(
      "备份由更新版本的程序写成，请用新版本程序恢复",
      "The backup was written by a newer program; restore it with that version"))
  static let damagedBackup = Refusal(
    .invalid, "backup.damaged",
    Words(
      "备份文件不完整或被改动过，没有恢复任何内容；请换用另一份备份",
      "The backup is cut off or was changed; nothing was restored. Use another one"), field: "file")
}
