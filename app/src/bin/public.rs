//! The public bundle, at `/r/`.

fn main() {
    wellfield_app::platform::show_panics(wellfield_app::wording::stopped);
    leptos::mount::mount_to_body(wellfield_app::public::PublicApp);
}
