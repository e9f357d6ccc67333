//! The staff bundle, at `/app/`: which screens there are, and which of them come after the first.

mod app;
mod later;

fn main() {
    wellfield_app::platform::show_panics(wellfield_app::wording::stopped);
    wellfield_app::sync::mend_with(later::mend);
    wellfield_app::sync::bootstrap_with(later::bootstrap);
    leptos::mount::mount_to_body(app::StaffApp);
}
