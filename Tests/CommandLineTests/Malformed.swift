import Foundation
import Testing

/// A file or a call that is wrong, and what has to come of it.
struct Malformed: Sendable, CustomTestStringConvertible {
  let name: String
  /// The words behind `denghuo`; those that end in a known name are files.
  let arguments: [String]
  let files: [String: [UInt8]]
  let status: Int32
  /// What the message must hold.
  let words: [String]
  /// How many rows of each kind are there more afterwards.
  let kept: [String: Int]

  var testDescription: String { name }

  init(
    _ name: String, _ arguments: String, files: [String: [UInt8]] = [:], exit status: Int32,
    _ words: String..., kept: [String: Int] = [:]
  ) {
    self.name = name
    self.arguments = arguments.split(separator: " ").map(String.init)
    self.files = files
    self.status = status
    self.words = words
    self.kept = kept
  }

  /// An import of one text file.
  static func file(
    _ name: String, _ kind: String, _ text: String, exit status: Int32 = 1, _ words: String...,
    kept: [String: Int] = [:]
  ) -> Malformed {
    bytes(name, kind, Array(text.utf8), exit: status, words, kept: kept)
  }

  /// An import of one file of any bytes.
  static func bytes(
    _ name: String, _ kind: String, _ bytes: [UInt8], exit status: Int32 = 1, _ words: [String],
    kept: [String: Int] = [:]
  ) -> Malformed {
    Malformed(
      name: name, arguments: ["import", kind, "in.csv", "--data", "data"],
      files: ["in.csv": bytes], status: status, words: words, kept: kept)
  }

  private init(
    name: String, arguments: [String], files: [String: [UInt8]], status: Int32, words: [String],
    kept: [String: Int]
  ) {
    self.name = name
    self.arguments = arguments
    self.files = files
    self.status = status
    self.words = words
    self.kept = kept
  }
}
