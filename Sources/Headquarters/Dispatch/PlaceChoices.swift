import Kernel
import Look
import Registry

extension Reading {
  /// The places to choose from in a list's filter, indented by how deep they lie.
  func placeChoices(
    around place: Place?, for duty: Duty, _ look: Look
  ) throws -> [Look.Field.Choice] {
    let everywhere: [Look.Field.Choice] =
      authority.may(duty, at: .everywhere) ? [.init("", look("全部", "everywhere"))] : []
    return try everywhere
      + placesAround(place, for: duty).map { choice in
        .init(choice.id.text, String(repeating: "　", count: choice.depth) + choice.name)
      }
  }
}
