//! The bundle of the questions that somebody answers on their own phone, at `/a/`.

fn main() {
    wellfield_app::platform::show_panics(wellfield_app::wording::stopped);
    leptos::mount::mount_to_body(wellfield_app::own_phone::AnswerApp);
}
