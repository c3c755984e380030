import Foundation
import Kernel

/// Recorded statements in the form that `replay.c` reads: whole numbers of four bytes, texts and
/// values with their sizes.
struct Recording {
  private var bytes = Data()
  private var numbers: [String: Int32] = [:]

  private static let command: Int32 = -2
  private static let text: Int32 = -3

  /// Adds the statements of one command after another; a command begins by asking for its receipt.
  mutating func add(_ statements: [SQL]) {
    for statement in statements {
      let text = statement.text { "?\($0)" }
      if text.contains("FROM receipt") && text.contains("WHERE command") { put(Self.command) }
      put(number(of: text), statement.arguments)
    }
  }

  func write(to path: String) throws { try bytes.write(to: URL(filePath: path)) }

  private mutating func number(of text: String) -> Int32 {
    if let known = numbers[text] { return known }
    let number = Int32(numbers.count)
    numbers[text] = number
    put(Self.text)
    put(Array(text.utf8))
    return number
  }

  private mutating func put(_ number: Int32, _ arguments: [SQLValue]) {
    put(number)
    put(Int32(arguments.count))
    for argument in arguments {
      switch argument {
      case .null: put(0)
      case .integer(let integer):
        put(1)
        withUnsafeBytes(of: integer) { bytes.append(contentsOf: $0) }
      case .real(let real):
        put(2)
        withUnsafeBytes(of: real) { bytes.append(contentsOf: $0) }
      case .text(let text):
        put(3)
        put(Array(text.utf8))
      case .bytes(let blob):
        put(4)
        put(blob)
      }
    }
  }

  private mutating func put(_ blob: [UInt8]) {
    put(Int32(blob.count))
    bytes.append(contentsOf: blob)
  }

  private mutating func put(_ number: Int32) {
    withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
  }
}
