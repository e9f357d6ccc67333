//! The public bundle, at `/r/`.

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(wellfield_app::public::PublicApp);
}
