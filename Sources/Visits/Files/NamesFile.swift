import Glibc

/// Identifiers on the disk, in the order of their numbers.
///
/// The form: a mark, how many, a checksum of what follows, then for each its length in a byte
/// (255: in the four bytes after it) and its bytes.
enum NamesFile {
  private static let magic: UInt64 = 0x3153_454D_414E_4844
  private static let plainMagic: UInt64 = 0x3150_454D_414E_4844
  private static let headerBytes = 24
  private static let long: UInt8 = 255

  /// Writes all identifiers.
  static func write(_ names: Names, to path: String) throws(VisitFault) {
    var body: [UInt8] = []
    for id in 0..<UInt32(names.isPlain ? 0 : names.count) {
      let bytes = names.bytes(of: id)
      if bytes.count < Int(long) {
        body.append(UInt8(bytes.count))
      } else {
        body.append(long)
        let count = UInt32(truncatingIfNeeded: bytes.count)
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
          body.append(UInt8(truncatingIfNeeded: count >> shift))
        }
      }
      body.append(contentsOf: bytes)
    }
    let sum = body.withUnsafeBytes { Checksum.of($0) }
    var file: [UInt8] = []
    for word in [names.isPlain ? plainMagic : magic, UInt64(names.count), sum] {
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        file.append(UInt8(truncatingIfNeeded: word >> shift))
      }
    }
    file.append(contentsOf: body)
    let result = file.withUnsafeBytes { bytes -> Result<Void, VisitFault> in
      do throws(VisitFault) {
        return .success(try DurableFile.write(bytes, to: path))
      } catch { return .failure(error) }
    }
    try result.get()
  }

  /// Reads identifiers back.
  static func read(_ path: String) throws(VisitFault) -> Names {
    let region = try Region(mapping: path)
    guard region.count >= headerBytes else { throw VisitFault(.torn, at: path) }
    let words = region.pointer(at: 0, as: UInt64.self)
    let body = region.bytes(headerBytes..<region.count)
    guard words[0] == magic || words[0] == plainMagic, words[2] == Checksum.of(body) else {
      throw VisitFault(.damaged, at: path, part: "names")
    }
    if words[0] == plainMagic { return Names(plain: true, count: Int(words[1])) }
    let names = Names()
    var at = 0
    while at < body.count {
      var count = Int(body[at])
      at += 1
      if count == Int(long) {
        guard at + 4 <= body.count else { throw VisitFault(.torn, at: path) }
        count = Int(body.loadUnaligned(fromByteOffset: at, as: UInt32.self))
        at += 4
      }
      guard at + count <= body.count else { throw VisitFault(.torn, at: path) }
      if count == 0 {
        names.skip()
      } else {
        _ = names.id(for: UnsafeRawBufferPointer(rebasing: body[at..<at + count]))
      }
      at += count
    }
    guard names.count == Int(words[1]) else { throw VisitFault(.torn, at: path) }
    return names
  }
}

extension Names {
  /// The number of an identifier; a new one when it was not seen before.
  func id(for bytes: UnsafeRawBufferPointer) -> UInt32 {
    bytes.withMemoryRebound(to: UInt8.self) { id(for: $0) }
  }
}

extension VisitFolder {
  /// Where the identifiers of people or venues lie.
  private func namesPath(_ kind: String) -> String { "\(path)/\(kind).names" }

  /// Whether identifiers were kept.
  var hasNames: Bool { access(namesPath("persons"), F_OK) == 0 }

  /// Keeps the identifiers of people and venues.
  package func keep(persons: Names, venues: Names) throws(VisitFault) {
    try NamesFile.write(persons, to: namesPath("persons"))
    try NamesFile.write(venues, to: namesPath("venues"))
  }

  /// The identifiers of people and venues that were kept.
  package func names() throws(VisitFault) -> (persons: Names, venues: Names) {
    (try NamesFile.read(namesPath("persons")), try NamesFile.read(namesPath("venues")))
  }
}
