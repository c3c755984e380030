import Kernel

/// Who owes what: the duty officer sees what is late and what soon will be, who has it and who has
/// been told, and hands out, waives or strikes off; and the day at a glance.
///
/// Keeps nothing of its own: obligations are the kernel's.
package enum Dispatch {
  package static let slice = Slice(
    name: "dispatch", queries: [QueryKind(ExportObligations.self)],
    screens: [DispatchScreens.list, DispatchScreens.one, DayScreens.day],
    exports: [
      ExportKind(
        kind: "obligations", header: ExportObligations.columns, query: ExportObligations.name)
    ])
}
