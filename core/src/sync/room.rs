//! When the room on a device runs low.

/// With less room than this a person is told, in bytes. A long dig day takes a tenth of a mebibyte and
/// 100,000 received events about three, but a database needs as much again to tidy up, and a browser
/// that has no room left undoes what somebody has just tapped.
pub const ROOM_MIN_BYTES: u64 = 20 * 1024 * 1024;

/// Whether so little room is left that a person has to make some, given what the browser says that this
/// app uses and may use. A browser that says nothing of use (0) says nothing.
pub const fn is_room_low(used: u64, quota: u64) -> bool {
    quota > 0 && quota.saturating_sub(used) < ROOM_MIN_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_low_when_less_is_left_than_a_database_needs_to_tidy_up() {
        let quota = 1 << 30;
        for (used, low) in [
            (0, false),
            (quota - ROOM_MIN_BYTES, false),
            (quota - ROOM_MIN_BYTES + 1, true),
            (quota, true),
            (quota + 1, true),
        ] {
            assert_eq!(is_room_low(used, quota), low, "{used}");
        }
        assert!(!is_room_low(5, 0));
    }
}
