//! The staff bundle, at `/app/`.

fn main() {
    wellfield_app::platform::show_panics(wellfield_app::wording::stopped);
    leptos::mount::mount_to_body(wellfield_app::shell::StaffApp);
}
