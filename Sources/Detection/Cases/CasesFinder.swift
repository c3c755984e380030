import Gazette
import Kernel
import Registry

/// Finds a case by its number.
enum CasesFinder {
  static let finder = Finder(
    "cases", Words("病例", "Cases"), duty: ShowCase.duty, order: 30
  ) { wanted, _, reading in
    let store = CasesStore(reading.transaction)
    let written = Set([wanted.text, wanted.text.uppercased(), wanted.text.lowercased()])
    let found = try written.sorted().compactMap { try store.find(CaseID(trusted: $0)) }
    return try found.filter { reading.authority.may(ShowCase.duty, at: $0.path) }.map { infection in
      let about = [
        infection.kind.words(reading.language), try reading.shortAddress(of: infection.path),
      ]
      return Finder.Found(
        infection.id.text, about: about.joined(separator: " · "),
        address: "/cases/\(infection.id.text)")
    }
  }
}
