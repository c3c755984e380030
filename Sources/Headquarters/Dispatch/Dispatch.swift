import Kernel

/// Who owes what: the duty officer sees what is late and what soon will be, who has it and who has
/// been told, and hands out, waives or strikes off.
///
/// Keeps nothing of its own: obligations are the kernel's.
package enum Dispatch {
  package static let slice = Slice(
    name: "dispatch", screens: [DispatchScreens.list, DispatchScreens.one])
}
