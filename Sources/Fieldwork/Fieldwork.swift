/// See the slices of this family.
