//! Settings become a program: the only file that sees everything.

use idp_api::client::{ApiError, ManageApi};
use keys::{AssertionSigner, KeyFileError};

use crate::{
    env::{Clock, Entropy},
    oidc::Issuer,
    seal::Sealer,
    settings::Settings,
};

/// The desk. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    pub(crate) settings: Settings,
    pub(crate) issuer: Issuer,
    pub(crate) api: ManageApi,
    pub(crate) sealer: Sealer,
    pub(crate) clock: Clock,
    pub(crate) entropy: Entropy,
}

/// Why the desk does not start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The key file.
    #[error("{0}; `admin-ui keys init` makes one")]
    Key(#[from] KeyFileError),
    /// The HTTP client of the sign-in.
    #[error("the HTTP client does not start: {0}")]
    Http(#[from] reqwest::Error),
    /// The HTTP client of the management API.
    #[error("{0}")]
    Api(#[from] ApiError),
}

impl App {
    /// Reads the key file. The issuer is not contacted until somebody signs in.
    pub fn open(settings: Settings, clock: Clock, entropy: Entropy) -> Result<Self, OpenError> {
        let signer = AssertionSigner::load(&settings.key_file)?;
        let sealer = Sealer::derived_from(signer.to_pem());
        let api = ManageApi::of(&settings.issuer)?;
        let issuer = Issuer::of(settings.clone(), signer, entropy.clone())?;
        Ok(Self { settings, issuer, api, sealer, clock, entropy })
    }
}
