/// Work of a shift came in after the shift had ended, from a device that had no network before. It
/// was taken all the same; when it was done stands here as the device says.
package struct TakenAfterShift: Fact {
  package static let name = "work.takenAfterShift"
  package static let words = Words("下班后补收班次内的工作", "Work of a shift taken in after its end")
  package static let about = Matter.order
  /// The command's name.
  package let command: String
  package let doneAt: Instant
  package var subject: String { command }
}
