//! Enumerations whose values have a fixed number on the wire.
//!
//! A number is never reused and never changes its meaning. A new value is a new version of the
//! body that carries it, because a reader that meets a number it does not know keeps the whole
//! event unread rather than guess.

/// Declares an enumeration with its wire numbers, `ALL`, `code` and `from_code`.
macro_rules! coded_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $( $(#[$vmeta:meta])* $variant:ident = $code:literal ),+ $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $( $(#[$vmeta])* $variant ),+ }

        impl $name {
            /// Every value, in the order of the declaration.
            pub const ALL: &'static [Self] = &[ $( Self::$variant ),+ ];

            /// The number that stands for this value on the wire and on disk.
            pub const fn code(self) -> u8 {
                match self { $( Self::$variant => $code ),+ }
            }

            /// The value for a wire number, or `None` where this version knows no such number.
            pub const fn from_code(code: u8) -> Option<Self> {
                match code { $( $code => Some(Self::$variant), )+ _ => None }
            }

            /// A stable lower-case name for exports and translation keys.
            pub const fn name(self) -> &'static str {
                match self { $( Self::$variant => stringify!($variant) ),+ }
            }
        }
    };
}
