import Gazette
import Kernel

extension Work {
  /// The live file of the person with an identifier; opened as a file to be completed when there is
  /// none, living at the nearest known place.
  package func person(
    _ id: PersonID, name: String? = nil, sex: Sex? = nil, at place: Place
  ) throws -> Resident {
    if let known = try ResidentsStore(transaction).current(id) { return known }
    let files = try ResidentFiles(self)
    let plainName = try name.map { text throws(Refusal) in
      try ResidentsRules.plain(text, field: "name")
    }
    let opened = try files.openIncomplete(
      ResidentsRules.identifier(id, field: "person"), name: plainName, sex: sex, at: place)
    try record(ResidentEnrolled(person: id, home: place.id, incomplete: true))
    return opened
  }
}
