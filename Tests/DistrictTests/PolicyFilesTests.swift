import Testing
@Suite("DistrictTests") struct DistrictTests {}
