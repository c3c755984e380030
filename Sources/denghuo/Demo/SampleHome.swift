import Containment
import Kernel
import Registry
import Simulator

/// What those who are isolated at home say and ask in the last hour: a report, some requests, a way out
/// for care that waits for the street and one that is under way.
struct SampleHome {
  let script: Script
  /// The district whose households are looked through.
  let place: PlaceID
  private static let most = 40

  func make() async throws {
    let board = try await script.ask(
      ListHomeHouseholds(place: place, limit: Self.most), for: .containment, as: "duty")
    let people = board.households.flatMap(\.people)
      .filter { $0.kind == .homeIsolation }.map(\.person)
    for (index, person) in people.enumerated() {
      let sender = Sender.resident(person)
      switch index % 8 {
      case 0: try await send(ReportOwnHealth(temperature: 36.6, symptom: "none"), from: sender)
      case 1: try await send(AskForHelp(kind: "medicine", text: "降压药快吃完了"), from: sender)
      case 2: try await send(AskForHelp(kind: "supplies", text: "牛奶、鸡蛋"), from: sender)
      case 3: try await out(sender, isUnderWay: index == 3)
      default: continue
      }
    }
  }

  private func out(_ sender: Sender, isUnderWay: Bool) async throws {
    let now = await script.desk.clock.now()
    let answer = try await send(
      AskOwnOuting(
        destination: "市立医院透析室", reason: "每周三次透析", leaveAt: now + .hours(1)), from: sender)
    guard isUnderWay, let outing = answer?.outing else { return }
    try await script.perform(AnswerOuting(outing: outing, approved: true), as: "duty")
    try await script.perform(
      MoveOuting(outing: outing, to: .out, driver: "王师傅", vehicle: "鲁B·D1203"), as: "duty")
  }

  /// What does not fit somebody now (a report that is not due) is left out.
  @discardableResult
  private func send<C: Command>(_ command: C, from sender: Sender) async throws -> C.Answer? {
    do {
      let id = CommandID(trusted: "home-\(sender.text)-\(C.name)")
      return try await script.desk.submit(command, id: id, as: sender).decoded(C.Answer.self)
    } catch is Refusal {
      return nil
    }
  }
}
