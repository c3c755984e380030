import Gazette
import Kernel

extension Work {
  /// The person with an identifier; opened as a person to be completed when there is none, living
  /// at the nearest known place.
  package func person(
    _ id: PersonID, name: String? = nil, sex: Sex? = nil, at place: Place
  ) throws -> Resident {
    let store = ResidentsStore(transaction)
    if let known = try store.find(id) { return known }
    let opened = Resident(
      id: id, name: name.map { Redacted($0) }, sex: sex, birthDay: nil, identityKind: nil,
      home: place.id, path: place.path, isAway: false, tags: [], isIncomplete: true)
    try store.insert(opened, at: now)
    try record(ResidentEnrolled(person: id, home: place.id, incomplete: true))
    return opened
  }
}
