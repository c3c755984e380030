import Kernel

/// A lead arrives: somebody may have been near, find out where they are.
///
/// A sheet comes from the district or from another city: a title, how urgent, what to check, a name, a
/// number, an address. Whom the register knows, and whose address names a community, goes to that
/// community at once; the rest waits to be split evenly, looked at first and then done. Each lead is
/// owed by a community until a deadline that follows from its urgency. Whoever was checked before
/// within half a year shows the result of then. The result is entered on a phone (where the person is,
/// under what measure, tested when, with whom, what colour); what belongs to another community,
/// street or district is handed over with a reason; and the sheet goes back with its results, in the
/// columns in which it came.
///
/// Retention: identity numbers, telephones, addresses, requirements and linked people are sealed; a
/// lead is kept for the policy's days after its result, in which it counts as a previous one.
package enum Leads {
  /// A lead of this category looks for a venue, whose name is no person's.
  static let venueCategory = "场所"

  /// The columns of a sheet, as it comes and as it goes back.
  package static let columns = [
    ExchangeColumn("lead", "线索编号"),
    ExchangeColumn("title", "线索标题", required: true),
    ExchangeColumn("category", "类别"),
    ExchangeColumn("urgency", "类型", "紧急程度", required: true),
    ExchangeColumn("requirement", "核查要求"),
    ExchangeColumn("name", "姓名", required: true),
    ExchangeColumn("identity_number", "身份证", "身份证号", "证件号码"),
    ExchangeColumn("phone", "电话", "联系电话", "手机号"),
    ExchangeColumn("address", "地址"),
    ExchangeColumn("place_code", "辖区代码", "社区代码"),
    ExchangeColumn("measure", "管控措施"),
    ExchangeColumn("found_address", "现住址", "住址"),
    ExchangeColumn("last_test", "近期核酸"),
    ExchangeColumn("linked_people", "关联人员"),
    ExchangeColumn("code_colour", "健康码"),
    ExchangeColumn("verified_at", "核查时间"),
  ]

  package static let slice = Slice(
    name: "leads",
    commands: [
      CommandKind(ImportLeads.self), CommandKind(EnterLead.self), CommandKind(SplitLeads.self),
      CommandKind(VerifyLead.self), CommandKind(HandOverLead.self),
    ],
    queries: [
      QueryKind(ListLeadsToCheck.self), QueryKind(LeadCard.self), QueryKind(PreviewSplit.self),
      QueryKind(ExportLeads.self),
    ],
    facts: [
      LeadsImported.self, LeadsSplit.self, LeadVerified.self, LeadHandedOver.self,
    ],
    screens: LeadsScreens.all,
    obligationKinds: [LeadsObligations.verify, LeadsObligations.split],
    imports: [ImportKind(kind: "leads", columns: columns, command: ImportLeads.name)],
    exports: [
      ExportKind(kind: "leads", header: columns.map(\.name), query: ExportLeads.name)
    ],
    migrations: [LeadsStore.schema], policySections: [LeadsPolicy.self],
    invariants: LeadsInvariants.all, finders: [LeadsFinder.finder])
}
