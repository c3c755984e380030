import District
import Foundation
import Kernel
import Testing
import Town

/// A folder in which somebody sits with files and a small district in `data`.
struct Desktop {
  let path: String

  /// The kinds of which the rows are counted.
  static let kinds = ["places", "residents", "cases", "visits", "encounters", "tracks"]
  static let places = """
    code,name,city_code,city
    230102,道里区,2301,哈尔滨市
    230103,南岗区,2301,哈尔滨市
    230102001,兆麟街道,,
    230102001001,霁虹社区,,

    """
  static let visitsHeader = "person,venue,from,to,source"

  /// An empty folder.
  init() throws {
    path = NSTemporaryDirectory() + "denghuo-desk-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: nil)
  }

  /// A folder with a district that holds a little of everything.
  static func settled() async throws -> Desktop {
    let desktop = try Desktop()
    try FileManager.default.copyItem(
      atPath: try await Template.shared.path + "/data", toPath: desktop.path + "/data")
    return desktop
  }

  func clear() { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file.
  func put(_ name: String, _ text: String) throws { try put(name, Array(text.utf8)) }

  func put(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(filePath: "\(path)/\(name)"))
  }

  func text(_ name: String) -> String? {
    FileManager.default.contents(atPath: "\(path)/\(name)").map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }

  func bytes(_ name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: "\(path)/\(name)").map(Array.init)
  }

  /// Who may do what with a file.
  func permissions(_ name: String) -> Int? {
    try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.posixPermissions]
      as? Int
  }

  /// Runs the program here.
  func run(
    _ arguments: String..., input: [UInt8]? = nil, locale: String = "C", output: String? = nil
  ) async throws -> BuiltProgram.Outcome {
    try await BuiltProgram.run(
      arguments, in: path, input: input, locale: locale, output: output)
  }

  func run(
    _ arguments: [String], input: [UInt8]? = nil, output: String? = nil
  ) async throws -> BuiltProgram.Outcome {
    try await BuiltProgram.run(arguments, in: path, input: input, output: output)
  }

  /// Runs the program and expects that it is done.
  @discardableResult
  func done(_ arguments: String...) async throws -> BuiltProgram.Outcome {
    let outcome = try await run(arguments)
    #expect(outcome.status == 0, "\(arguments): \(outcome.complaints)")
    return outcome
  }

  /// How many rows of each kind the district holds, and which invariants do not.
  func counts() async throws -> (rows: [String: Int], violated: [String]) {
    let (district, lock) = try await DataFolder("\(path)/data").open(
      clock: .stopped(at: Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))))
    let rows = try await district.desk.storage.read { transaction in
      let row = try transaction.row(
        """
        SELECT (SELECT COUNT(*) FROM place WHERE code IS NOT NULL),
          (SELECT COUNT(*) FROM person), (SELECT COUNT(*) FROM infection),
          (SELECT COUNT(*) FROM visit), (SELECT COUNT(*) FROM encounter),
          (SELECT COUNT(*) FROM track)
        """)
      return zip(Self.kinds, Self.kinds.indices.map { row?.integer($0) ?? 0 })
        .reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    let violated = try await district.desk.violations().keys.sorted()
    withExtendedLifetime(lock) {}
    return (rows, violated)
  }

  /// The summary that an import prints as JSON.
  func summary(_ outcome: BuiltProgram.Outcome) throws -> Summary {
    try JSONDecoder().decode(Summary.self, from: Data(outcome.bytes))
  }
}

/// What an import prints.
struct Summary: Decodable, Equatable {
  var kind: String
  var read: Int
  var accepted: Int
  var rejected: Int
  var duplicate: Int
  var leads: Int
  var rejectedFile: String?

  private enum CodingKeys: String, CodingKey {
    case kind, read, accepted, rejected, duplicate, leads
    case rejectedFile = "rejected_file"
  }

  var addsUp: Bool { read == accepted + rejected + duplicate + leads }
}

/// The district that tests copy, made once.
private actor Template {
  static let template = Template()
  private var made: Task<Desktop, any Error>?

  static var shared: Desktop {
    get async throws { try await template.desktop() }
  }

  private func desktop() async throws -> Desktop {
    if let made { return try await made.value }
    let making = Task { try await Self.make() }
    made = making
    return try await making.value
  }

  private static func make() async throws -> Desktop {
    let desktop = try Desktop()
    try desktop.put("places.csv", Desktop.places)
    try desktop.put(
      "residents.csv",
      """
      person,name,sex,identity_kind,identity_number,phone,community_code,estate,building,room,tags
      R1,王五,女,resident_id,11010519491231002X,13800000001,230102001001,阳光小区,1号楼,301,独居

      """)
    try desktop.put(
      "cases.csv",
      """
      case,person,name,kind,source,district,reported_at,onset_on
      C1,P1,张三,confirmed,isolation,道里区,2022-11-29T08:00+08:00,2022-11-28

      """)
    try desktop.put(
      "visits.csv",
      """
      \(Desktop.visitsHeader)
      P1,超市,2022-11-28T10:00,2022-11-28T11:00,interview
      P9,超市,2022-11-28 10:30,1669606200,venue_code

      """)
    try desktop.put(
      "encounters.csv", "person_a,person_b,at,seconds\nP1,P8,2022-11-28T12:00,600\n")
    try desktop.put("reports.csv", "case,confirmed\nT1,2020-02-01\nT2,2020-02-03\n")
    try desktop.put(
      "tracks.csv",
      """
      case,seq,time,event,transport,places,coords,description
      T1,1,1月20日-21日,探亲,,龙口|高密,,
      T1,2,不详,就诊,,医院,,

      """)
    try await desktop.done("init", "--data", "data")
    for kind in ["places", "residents", "cases", "visits", "encounters"] {
      try await desktop.done("import", kind, "\(kind).csv", "--data", "data")
    }
    try await desktop.done("import", "tracks", "reports.csv", "tracks.csv", "--data", "data")
    return desktop
  }
}
