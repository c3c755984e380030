import Kernel

/// A piece of what a case said was written down.
package struct InterviewNoted: Fact {
  package static let name = "interview.noted"
  package static let words = Words("已记下流调询问内容", "Piece of an interview written down")
  package static let about = Matter.infection
  package let infection: CaseID
  package let entry: InterviewEntryID
  package let topic: InterviewTopic
  package let answer: InterviewAnswer
  package let day: Day?
  /// What was not known to the registry is looked for as this lead.
  package let lead: LeadID?
  package var subject: String { infection.text }
}

/// A venue or a person that was said was found in the registry.
package struct InterviewResolved: Fact {
  package static let name = "interview.resolved"
  package static let words = Words(
    "流调提到的人或场所已对上登记", "Person or venue of an interview found in the registry")
  package static let about = Matter.infection
  package let infection: CaseID
  package let entry: InterviewEntryID
  package var subject: String { infection.text }
}

/// A piece was struck: it was said or written down wrongly.
package struct InterviewStruck: Fact {
  package static let name = "interview.struck"
  package static let words = Words("流调记录中一条已划去", "Piece of an interview struck")
  package static let about = Matter.infection
  package let infection: CaseID
  package let entry: InterviewEntryID
  package var subject: String { infection.text }
}

/// What was said so long ago that its time has come was deleted.
package struct InterviewsExpired: Fact {
  package static let name = "interview.expired"
  package static let words = Words("流调记录到期删除", "Interviews deleted after their time of keeping")
  package static let about = Matter.district
  package let before: Instant
  package let entries: Int
  package var subject: String { "interview" }
}
