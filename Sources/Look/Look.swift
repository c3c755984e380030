import Kernel

/// The pieces that pages are made of, as `docs/DESIGN.md` describes them.
package enum Look {}
