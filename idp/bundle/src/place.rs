//! Where a newcomer's installation is: its directory and its three neighbouring ports.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::ensure;
use idp::settings::{self, Settings, Sources};

/// The master key of every installation begun in this directory, apart from the data it protects.
const MASTER_KEY: &str = "keys/local/master.key";

/// A directory and three ports from `base` on.
#[derive(Debug, Clone)]
pub struct Place {
    data: PathBuf,
    base: u16,
}

impl Place {
    /// Refused when there is no room for three ports.
    pub fn new(data: impl Into<PathBuf>, base: u16) -> anyhow::Result<Self> {
        ensure!((1..=u16::MAX - 2).contains(&base), "--port-base is {base}: expected a number from 1 to {}", u16::MAX - 2);
        Ok(Self { data: data.into(), base })
    }
    /// The provider's port.
    pub const fn provider_port(&self) -> u16 {
        self.base
    }
    /// The managers' desk's port.
    pub const fn desk_port(&self) -> u16 {
        self.base + 1
    }
    /// Mirador's port.
    pub const fn mirador_port(&self) -> u16 {
        self.base + 2
    }
    /// The provider's address, its issuer identifier.
    pub fn issuer(&self) -> String {
        local(self.provider_port())
    }
    /// The managers' desk's address.
    pub fn desk(&self) -> String {
        local(self.desk_port())
    }
    /// Mirador's address.
    pub fn mirador(&self) -> String {
        local(self.mirador_port())
    }
    /// Where everything but the master key is kept.
    pub fn data(&self) -> &Path {
        &self.data
    }
    /// The SQLite database.
    pub fn database(&self) -> PathBuf {
        self.data.join("aplec.db")
    }
    /// For what only looks: looking begins nothing.
    pub fn must_hold_a_cluster(&self) -> anyhow::Result<()> {
        let data = self.data.display();
        ensure!(self.database().exists(), "there is no cluster in {data} yet: `aplec up` begins one, and so does `aplec apply FILE`");
        Ok(())
    }
    /// The managers' desk's own directory: its key.
    pub fn desk_directory(&self) -> PathBuf {
        self.data.join("admin-ui")
    }
    /// What the demo tells scripts.
    pub fn demo_file(&self) -> PathBuf {
        self.data.join("demo.json")
    }
    /// The provider's settings, listening where told.
    pub fn settings(&self, listen: &[SocketAddr]) -> anyhow::Result<Settings> {
        let listen: Vec<String> = listen.iter().map(ToString::to_string).collect();
        let decided = [
            ("ISSUER", self.issuer()),
            ("DATA", self.data.display().to_string()),
            ("DATABASE__URL", format!("sqlite:{}", self.database().display())),
            ("KEYS__MASTER_KEY_FILE", MASTER_KEY.to_owned()),
            ("HTTP__LISTEN", listen.join(",")),
            ("MAIL__DIRECTORY", self.data.join("mail").display().to_string()),
            ("ADMIN_UI__URL", self.desk()),
        ];
        let environment = decided.map(|(key, value)| (format!("{}{key}", settings::PREFIX), value)).to_vec();
        Ok(settings::load(&Sources { file: None, environment })?)
    }
}

fn local(port: u16) -> String {
    format!("http://localhost:{port}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_follows_from_a_directory_and_a_port() {
        let place = Place::new("elsewhere", 9000).expect("room for three ports");
        let settings = place.settings(&crate::listen::addresses(place.provider_port())).expect("usable");
        assert_eq!((settings.issuer.as_str(), place.mirador().as_str()), ("http://localhost:9000", "http://localhost:9002"));
        assert_eq!(settings.admin_ui.map(|url| url.to_string()).as_deref(), Some("http://localhost:9001/"));
        assert_eq!(settings.database_url.expose(), "sqlite:elsewhere/aplec.db");
        assert!(settings.listen.iter().all(|address| address.ip().is_loopback() && address.port() == 9000));
    }

    #[test]
    fn three_ports_need_room() {
        for base in [0, 65534, 65535] {
            let told = Place::new("data", base).expect_err("no room").to_string();
            assert!(told.contains("--port-base") && told.contains("65533"), "{told}");
        }
    }
}
