/// See the files beside.
