import CZlib
import Kernel

/// The files that pages use: style, script, icon. Compressed once, at the start.
package struct StaticFiles: Sendable {
  private struct File: Sendable {
    let type: String
    let plain: [UInt8]
    let compressed: [UInt8]?
    let tag: String
  }

  private let files: [String: File]
  private let addresses: FileAddresses
  /// What stands in the worker for the version of all files.
  private static let placeOfVersion = "@files@"
  private static let worker = "/worker.js"

  /// Files by their address (`/app.css`) and what they hold.
  package init(_ contents: [String: [UInt8]], digest: ([UInt8]) -> [UInt8]) {
    let (contents, addresses) = Self.versioned(contents, digest: digest)
    self.addresses = addresses
    files = Dictionary(
      uniqueKeysWithValues: contents.map { path, bytes in
        let small = Self.gzip(bytes).flatMap { $0.count < bytes.count ? $0 : nil }
        let tag = "\"\(Hex.text(digest(bytes).prefix(8)))\""
        return (
          path, File(type: Self.type(of: path), plain: bytes, compressed: small, tag: tag)
        )
      })
  }

  /// The files, with the digest of all in the worker that keeps them in browsers, which look at nothing
  /// else to find out whether something is new, and in what each module imports.
  static func versioned(
    _ contents: [String: [UInt8]], digest: ([UInt8]) -> [UInt8]
  ) -> ([String: [UInt8]], FileAddresses) {
    let all = contents.sorted { $0.key < $1.key }.flatMap { path, bytes in
      Array(path.utf8) + digest(bytes)
    }
    let addresses = FileAddresses(contents, version: Hex.text(digest(all).prefix(8)))
    let made = contents.map { path, bytes in
      if path == worker {
        let text = String(decoding: bytes, as: UTF8.self)
        return (path, Array(text.replacing(placeOfVersion, with: addresses.version).utf8))
      }
      return (path, path.hasSuffix(".js") ? addresses.module(bytes) : bytes)
    }
    return (Dictionary(uniqueKeysWithValues: made), addresses)
  }

  /// A page as it is sent: with the addresses of the files as they are now.
  func page(_ bytes: [UInt8]) -> [UInt8] { addresses.page(bytes) }

  /// The way to a file; nil when there is none at the path.
  func route(_ path: String) -> Route? {
    guard let file = files[path] else { return nil }
    return Route("/files", nil, ["GET": { reply(file, to: $0) }])
  }

  private func reply(_ file: File, to asked: Asked) -> Reply {
    let known = asked.headers["if-none-match", default: ""].split(separator: ",").map {
      String($0).trimmingWhitespace().replacing("W/", with: "")
    }
    var reply: Reply
    if known.contains(file.tag) {
      reply = Reply(304, type: file.type, [])
    } else if let compressed = file.compressed,
      asked.headers["accept-encoding", default: ""].contains("gzip")
    {
      reply = Reply(200, type: file.type, compressed).with("content-encoding", "gzip")
    } else {
      reply = Reply(200, type: file.type, file.plain)
    }
    // Without its version it is asked for again each time: a new one is never mixed with an old page.
    let keeping =
      addresses.isVersioned(asked) ? "public, max-age=31536000, immutable" : "public, no-cache"
    return reply.with("etag", file.tag).with("vary", "accept-encoding")
      .with("cache-control", keeping)
  }

  private static func type(of path: String) -> String {
    switch path.split(separator: ".").last {
    case "css": "text/css; charset=utf-8"
    case "js": "text/javascript; charset=utf-8"
    case "svg": "image/svg+xml"
    case "json": "application/json"
    case "webmanifest": "application/manifest+json"
    case "html": "text/html; charset=utf-8"
    case "png": "image/png"
    case "woff2": "font/woff2"
    default: "application/octet-stream"
    }
  }

  /// The bytes as gzip writes them; nil when zlib refuses.
  ///
  /// - Parameter level: how much time it may take, from 1 to 9.
  static func gzip(_ bytes: [UInt8], level: Int32 = Z_BEST_COMPRESSION) -> [UInt8]? {
    var stream = z_stream()
    let gzipWindow: Int32 = 15 + 16
    guard
      deflateInit2_(
        &stream, level, Z_DEFLATED, gzipWindow, 9, Z_DEFAULT_STRATEGY, zlibVersion(),
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
    let capacity = output.count
    let result = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(capacity)
        return deflate(&stream, Z_FINISH)
      }
    }
    guard result == Z_STREAM_END else { return nil }
    return Array(output[..<Int(stream.total_out)])
  }
}
