import Kernel

/// The tree of places: city, district, street, community, estate, grid, building, entrance, door.
///
/// A district imports its divisions from the statistics bureau's list; what lies below the community
/// comes with the residents. Identifiers never change, so that a renamed street keeps its history.
/// Retention: places hold no personal data.
package enum Places {
  package static let slice = Slice(
    name: "places",
    commands: [CommandKind(ImportPlaces.self), CommandKind(MakePlace.self)],
    queries: [QueryKind(ListPlaces.self), QueryKind(ExportPlaces.self)],
    facts: [
      PlaceMade.self, PlaceRenamed.self, PlacesImported.self,
    ],
    imports: [
      ImportKind(
        kind: "places",
        columns: [
          ExchangeColumn("code", "代码", "区划代码", required: true),
          ExchangeColumn("name", "名称", required: true),
          ExchangeColumn("city_code", "市代码"), ExchangeColumn("city", "市"),
        ],
        command: ImportPlaces.name)
    ],
    exports: [
      ExportKind(
        kind: "places", header: ["code", "name", "level"], query: ExportPlaces.name)
    ],
    migrations: [
      Migration(
        "places-0001",
        """
        CREATE TABLE place (
          id TEXT PRIMARY KEY, level TEXT NOT NULL, code TEXT UNIQUE, name TEXT NOT NULL,
          parent TEXT REFERENCES place (id), ordinal BIGINT NOT NULL, path TEXT NOT NULL UNIQUE,
          floor BIGINT, confirmed_by TEXT)
        """,
        "CREATE UNIQUE INDEX place_sibling ON place (parent, ordinal)",
        "CREATE INDEX place_child ON place (parent, level, name)",
        "CREATE INDEX place_level ON place (level, path)",
        "CREATE INDEX place_named ON place (name, level) WHERE code IS NOT NULL",
        """
        CREATE TABLE place_name (
          place TEXT NOT NULL REFERENCES place (id), name TEXT NOT NULL, code TEXT,
          from_at BIGINT NOT NULL, until_at BIGINT, PRIMARY KEY (place, from_at))
        """),
      // With the order of their answers in the index, a child is found by its name at once and not
      // by going through its siblings, which an import would do for every row.
      Migration(
        "places-0002", "DROP INDEX place_child", "DROP INDEX place_named",
        "CREATE INDEX place_child ON place (parent, level, name, ordinal)",
        "CREATE INDEX place_named ON place (name, level, path)"),
    ],
    finders: [PlacesFinder.finder])
}
