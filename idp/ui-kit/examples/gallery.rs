//! Writes every component to `gallery-<lang>.html` and `sign-in.html`, with the assets beside them, for looking at:
//! `cargo run -p ui-kit --example gallery -- <folder>`.

use std::{fs, io, path::Path, sync::LazyLock};

use ui_kit::{Catalogue, Lang, T, assets, gallery, gallery_narrow};

static KIT: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(&[]));

fn main() -> io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "gallery".to_owned());
    let folder = Path::new(&folder);
    fs::create_dir_all(folder.join("assets"))?;
    for asset in assets::all() {
        fs::write(folder.join(asset.path.trim_start_matches('/')), &asset.bytes)?;
    }
    for lang in Lang::ALL {
        fs::write(folder.join(format!("gallery-{lang}.html")), gallery(T::new(lang, &KIT)).into_string())?;
    }
    fs::write(folder.join("sign-in.html"), gallery_narrow(T::new(Lang::Ca, &KIT), false).into_string())?;
    fs::write(folder.join("sign-in-wrong.html"), gallery_narrow(T::new(Lang::Ca, &KIT), true).into_string())
}
