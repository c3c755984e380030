import Foundation

/// What the generator says about its data.
struct Spec {
  private struct Form: Decodable {
    let cases: [UInt32]
    let minimum: UInt32
  }

  let cases: [UInt32]
  let minimum: UInt32

  init(path: String) {
    let form = FileManager.default.contents(atPath: path).flatMap {
      try? JSONDecoder().decode(Form.self, from: $0)
    }
    cases = form?.cases ?? []
    minimum = form?.minimum ?? 1
  }
}
