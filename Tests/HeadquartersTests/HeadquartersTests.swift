import Testing

@testable import Headquarters

@Suite("Headquarters") struct HeadquartersTests {}
