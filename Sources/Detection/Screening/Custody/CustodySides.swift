import Gazette
import Kernel
import Registry

/// Which side of a hand-over somebody speaks for: who has a box gives it on, whom it is given to takes it.
struct CustodySides {
  let transaction: any Transaction
  let authority: Authority
  /// Where the box takes effect.
  let path: PlacePath

  /// Who is over all laboratories steps in where the one whose word is missing cannot say it.
  private var isDistrict: Bool { authority.may(SetLaboratory.duty, at: path) }

  /// Whether somebody has a box: at its point who samples there, later who took it.
  func holds(after last: BoxLeg?) -> Bool {
    guard let last else { return authority.may(RegisterSwab.duty, at: path) }
    return last.takenBy == authority.sender.text || isDistrict
  }

  func requireHolding(after last: BoxLeg?) throws(Refusal) {
    if holds(after: last) { return }
    guard let last else {
      throw Refusal(
        .forbidden, "box.notHolder",
        Words(
          "样本箱还在采样点，由该点采样人员交出",
          "The box is at its point still: who samples there gives it on"), field: "box")
    }
    throw Refusal(
      .forbidden, "box.notHolder",
      Words(
        "样本箱在\(last.to.kind.words.chinese) \(last.to.id)，由接收它的人交出；其人不能的，由区指挥部交出",
        "The box is with the \(last.to.kind.words.english) \(last.to.id): who took it gives it on, or the district in their place"
      ), field: "box")
  }

  /// Whether somebody speaks for whom a box is given to.
  func takes(for holder: Holder) throws -> Bool {
    // Whoever takes it into a vehicle or a store gives it on from there.
    guard holder.kind == .laboratory else { return authority.may(GiveBox.duty, at: path) }
    if isDistrict { return true }
    let store = LaboratoriesStore(transaction)
    let laboratory = LaboratoryID(trusted: holder.id)
    if let own = try store.laboratory(of: authority.sender.text) { return own.id == laboratory }
    return try !CustodyStore(transaction).isSpokenFor(laboratory)
      && authority.may(DeliverResults.duty, at: path)
  }

  func requireTaking(for holder: Holder) throws {
    if holder.kind == .laboratory { try requireKnown(LaboratoryID(trusted: holder.id)) }
    if try takes(for: holder) { return }
    guard holder.kind == .laboratory else {
      throw Refusal(
        .forbidden, "box.otherSide",
        Words(
          "样本箱交给了\(holder.kind.words.chinese) \(holder.id)，由转运人员接收",
          "The box was given to the \(holder.kind.words.english) \(holder.id): a courier takes it"),
        field: "box")
    }
    throw Refusal(
      .forbidden, "box.otherSide",
      Words(
        "样本箱交给了检测机构 \(holder.id)，由代表该机构的账户接收（管理员在“检测机构”页登记），或由区指挥部接收",
        "The box was given to the laboratory \(holder.id): an account that speaks for it takes it (the administrator appoints it under Laboratories), or the district"
      ), field: "box")
  }

  /// Checks that there is a laboratory of that name: a wrong one would make its results strangers'.
  func requireKnown(_ laboratory: LaboratoryID) throws {
    guard try ResultsStore(transaction).laboratory(laboratory) != nil else {
      throw Refusal.notFound(Words("检测机构", "laboratory"), laboratory.text, field: "to")
    }
  }
}

extension Work {
  /// Which side of a box's hand-overs the sender speaks for.
  func sides(of box: TubeBox) throws -> CustodySides {
    CustodySides(transaction: transaction, authority: authority, path: try area(of: box).path)
  }
}
