/// What identifiers name. Empty types that keep one kind of identifier from passing for another.
package enum PersonTag {}
package enum PlaceTag {}
package enum CaseTag {}
package enum AccountTag {}
package enum CommandTag {}
package enum ObligationTag {}
package enum ContactTag {}
package enum RestrictionTag {}
package enum VisitTag {}
package enum ObjectionTag {}

package typealias PersonID = ID<PersonTag>
package typealias PlaceID = ID<PlaceTag>
package typealias CaseID = ID<CaseTag>
package typealias AccountID = ID<AccountTag>
package typealias CommandID = ID<CommandTag>
package typealias ObligationID = ID<ObligationTag>
package typealias ContactID = ID<ContactTag>
package typealias RestrictionID = ID<RestrictionTag>
package typealias VisitID = ID<VisitTag>
package typealias ObjectionID = ID<ObjectionTag>
