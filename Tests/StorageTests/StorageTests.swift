import Testing

@testable import Storage

@Suite("Storage") struct StorageTests {}
