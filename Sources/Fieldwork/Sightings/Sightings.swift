import Kernel

/// What a worker notices on the way and nobody has asked for: somebody ill behind a door, a tenant
/// who came, a family that needs food.
///
/// In the street: it used to be a voice message to a group of two hundred. Here it is one line with a
/// place, and the community owes somebody a look at it.
/// Retention: what was written is locked and deleted some days after it was reported, as the
/// policy's `keep_days` says; the row keeps identifiers and times.
package enum Sightings {
  /// The community looks into what was noticed.
  static let look = ObligationKind(
    "sightings.look", title: Words("核实现场发现", "Look into what was noticed"),
    action: Words("已核实", "Looked into"),
    proof: [
      ProofField(
        "result", Words("结果", "Result"),
        .choice([
          ("handled", Words("已处理", "handled")),
          ("passed_on", Words("已转给负责的人", "passed on to whoever is in charge")),
          ("nothing", Words("没有问题", "nothing the matter")),
        ])),
      ProofField("note", Words("说明", "Note"), .text, required: false),
    ], page: "/sightings/:subject")

  package static let slice = Slice(
    name: "sightings",
    commands: [
      CommandKind(ReportSighting.self, ofTheField: true), CommandKind(ForgetSightings.self),
    ],
    queries: [QueryKind(ShowSighting.self)],
    facts: [
      SightingReported.self
    ],
    screens: [SightingsScreens.sighting, NewScreens.new],
    ticks: [Tick(every: .hours(1)) { ForgetSightings() }], obligationKinds: [look],
    migrations: [
      Migration(
        "sightings-0001",
        """
        CREATE TABLE sighting (
          id TEXT PRIMARY KEY, place TEXT NOT NULL, path TEXT NOT NULL, kind TEXT NOT NULL,
          account TEXT NOT NULL, reported_at BIGINT NOT NULL, words BYTEA)
        """,
        "CREATE INDEX sighting_kept ON sighting (reported_at) WHERE words IS NOT NULL")
    ], policySections: [SightingsPolicy.self])
}

/// Something was noticed. What was written stays in its row.
package struct SightingReported: Fact {
  package static let name = "sightings.reported"
  package static let words = Words("已报告现场发现", "Something noticed on the ground was reported")
  package static let about = Matter.sighting
  package let sighting: SightingID
  package let kind: Sighting.Kind
  package let place: PlaceID
  package var subject: String { sighting.text }
}

extension Matter {
  package static let sighting = Matter(
    Words("现场发现", "Sighting"), page: "/sightings/:sighting")
}
