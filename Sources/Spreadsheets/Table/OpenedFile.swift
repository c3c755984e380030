/// How a table is to be read where the file itself does not decide.
package struct ReadingOptions: Sendable {
  /// Reads with this encoding instead of the recognised one.
  package var encoding: TextEncoding?
  /// Reads with this delimiter instead of the header's.
  package var delimiter: Delimiter?
  /// Hands out rows whose cells are all empty instead of passing over them.
  package var keepsEmptyRows = false
  package var limits = ReadingLimits()

  package init() {}
}

/// A file whose form is known, ready to hand out records.
struct OpenedFile {
  let reader: any RecordReading
  let encoding: TextEncoding?
  let delimiter: Delimiter?
  let sheet: String?

  init(
    _ source: ByteSource, sheet: String?, options: ReadingOptions
  ) throws(SpreadsheetFault) {
    switch try FileForm.recognise(source) {
    case .text:
      let detected = try Self.encoding(of: source, options: options)
      let text = try DelimitedReader(
        source, encoding: detected, delimiter: options.delimiter, limits: options.limits)
      reader = text
      encoding = text.encoding
      delimiter = text.delimiter
      self.sheet = nil
    case .archive:
      let workbook = try Workbook(source, limits: options.limits)
      let chosen = try workbook.sheet(named: sheet)
      reader = try workbook.read(chosen)
      encoding = nil
      delimiter = nil
      self.sheet = chosen.name
    }
  }

  private static func encoding(
    of source: ByteSource, options: ReadingOptions
  ) throws(SpreadsheetFault) -> DetectedEncoding {
    guard let wanted = options.encoding else { return try DetectedEncoding.detect(in: source) }
    let head = try source.bytes(at: 0, count: 3)
    let mark = head.starts(with: [0xEF, 0xBB, 0xBF]) && wanted == .utf8
    return DetectedEncoding(encoding: wanted, markLength: mark ? 3 : 0)
  }
}
