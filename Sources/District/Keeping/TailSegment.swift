import Foundation
import Kernel

/// A file of changes that were shipped, in the order of their numbers, locked like a backup. It is
/// written piece by piece; when its writer is cut off, all but its last piece can be read.
enum TailSegment {
  /// What a file says of itself before anything else.
  struct Head: Codable, Sendable {
    let form: Int
    let run: String
    /// The steps of the schema on which its changes were made.
    let schema: [String]

    static let form = 1
  }

  private static let ending = ".tail"
  private static let digits = 12

  /// The name of a file that begins with a number; `chance` keeps two beginnings apart.
  static func name(run: String, first number: Int, chance: [UInt8]) -> String {
    let text = String(number)
    let padded = String(repeating: "0", count: max(0, digits - text.count)) + text
    return "\(run)-\(padded)-\(Hex.text(chance))\(ending)"
  }

  /// The files of a run in a folder, in the order in which they were begun.
  static func files(in folder: String, run: String? = nil) throws -> [String] {
    let start = run.map { "\($0)-" } ?? ""
    return try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(ending) && $0.hasPrefix(start) }
      .sorted().map { "\(folder)/\($0)" }
  }
}

/// Writes one file of changes.
final class TailWriter {
  private let file: FileHandle
  private let writer: BackupWriter
  let begun: Day

  /// - Throws: a failure when the file cannot be made.
  init(
    in folder: String, _ head: TailSegment.Head, first number: Int, for key: BackupKey, on day: Day,
    entropy: Entropy
  ) throws {
    let name = TailSegment.name(run: head.run, first: number, chance: entropy.bytes(4))
    let path = "\(folder)/\(name)"
    let descriptor = Foundation.open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StorageFailure(.unavailable, "“\(path)” cannot be written")
    }
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    writer = try BackupWriter(file, .tail, for: key, entropy: entropy)
    begun = day
    try write(Fields.jsonBytes(head))
    try DataFolder.keepNames(in: folder)
  }

  func append(_ record: TailRecord) throws { try write(record.encoded) }

  /// Puts everything so far on the disk, where a reader finds it.
  func flush() throws {
    try writer.flush()
    try file.synchronize()
  }

  func finish() throws {
    try writer.finish()
    try file.synchronize()
    try file.close()
  }

  var size: Int { Int((try? file.offset()) ?? 0) }

  private func write(_ bytes: [UInt8]) throws {
    try writer.write(UInt32(bytes.count).bigEndianBytes + bytes)
  }
}

/// Reads one file of changes as far as it goes.
final class TailReader {
  private let reader: BackupReader
  let head: TailSegment.Head
  /// Whether the file was changed; that its writer was cut off is no damage.
  private(set) var isDamaged = false

  /// - Returns: nil when the file ends before its head, which a writer leaves that was cut off.
  /// - Throws: a refusal when it is no such file or one for another key.
  init?(_ path: String, privateKey: [UInt8]) throws {
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    guard size >= Self.leastBytes else { return nil }
    reader = try BackupReader(path, .tail, privateKey: privateKey)
    do {
      head = try Fields.json(Array(Self.piece(of: reader))).decoded(strict: false)
    } catch let refusal as Refusal {
      guard reader.isTorn else { throw refusal }
      return nil
    }
  }

  /// The next change, nil at the end or where it is torn or damaged.
  func next() throws -> TailRecord? {
    do {
      return try TailRecord(encoded: Self.piece(of: reader))
    } catch is EncodedValues.Damaged {
      isDamaged = true
    } catch let refusal as Refusal where refusal.code == Refusal.damagedBackup.code {
      isDamaged = !reader.isTorn && !reader.isAtEnd
    }
    return nil
  }

  /// The head of a file and one frame.
  private static let leastBytes = BackupForm.tail.magic.count + 64 + 4

  private static func piece(of reader: BackupReader) throws -> ArraySlice<UInt8> {
    let length = try reader.read(4).reduce(0) { $0 << 8 | Int($1) }
    return try reader.read(length)
  }
}
