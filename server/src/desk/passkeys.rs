//! Passkeys: what the server asks a browser for, and what it makes of the answer.

use serde::{Deserialize, Serialize};
use webauthn_rs::prelude::{
    CreationChallengeResponse, DiscoverableAuthentication, Passkey, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, RequestChallengeResponse, Url, Uuid,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};
use webauthn_rs_proto::ResidentKeyRequirement;
use wellfield_core::desk::Account;
use wellfield_core::ids::AccountId;

use super::Credentials;

/// What browsers show of whoever asks.
const NAME: &str = "Wellfield";

/// Passkeys for one origin.
pub(crate) struct Passkeys(Webauthn);

/// Somebody is setting a passkey up.
#[derive(Serialize, Deserialize)]
pub(crate) struct Registering(PasskeyRegistration);

/// Somebody is signing in with a passkey, and has not said who they are.
#[derive(Serialize, Deserialize)]
pub(crate) struct SigningIn(DiscoverableAuthentication);

/// A passkey was not what was asked for. Why is for nobody who asks: it helps only who should not get in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a passkey that lets somebody in")]
pub(crate) struct NotLetIn;

fn handle(account: AccountId) -> Uuid {
    Uuid::from_u128(account.0.into())
}

impl Passkeys {
    /// Passkeys for the address at which people reach the server, as `https://dig.example.org`; `None` for one
    /// that can have none: a bare number, or nothing that is an address.
    pub(crate) fn for_origin(origin: &str) -> Option<Self> {
        let origin = Url::parse(origin).ok()?;
        let domain = origin.domain()?;
        let built = WebauthnBuilder::new(domain, &origin).ok()?;
        built.rp_name(NAME).build().ok().map(Self)
    }

    /// What a browser is asked for to make a passkey for somebody.
    ///
    /// # Errors
    /// [`NotLetIn`], which for a name that fits in a line does not happen.
    pub(crate) fn ask_to_make(
        &self,
        account: &Account,
    ) -> Result<(CreationChallengeResponse, Registering), NotLetIn> {
        let (sign_in, name) = (account.sign_in.as_str(), account.name.as_str());
        let asked = self
            .0
            .start_passkey_registration(handle(account.account), sign_in, name, None);
        let (mut asked, state) = asked.map_err(|_| NotLetIn)?;
        // The passkey is found without a name being typed, so the browser has to keep it itself.
        if let Some(selection) = &mut asked.public_key.authenticator_selection {
            selection.require_resident_key = true;
            selection.resident_key = Some(ResidentKeyRequirement::Required);
        }
        Ok((asked, Registering(state)))
    }

    /// The passkey that a browser made.
    ///
    /// # Errors
    /// [`NotLetIn`] if it is not what was asked for.
    pub(crate) fn made(
        &self,
        made: &RegisterPublicKeyCredential,
        state: &Registering,
    ) -> Result<Passkey, NotLetIn> {
        self.0
            .finish_passkey_registration(made, &state.0)
            .map_err(|_| NotLetIn)
    }

    /// What a browser is asked for to sign somebody in, whoever it is.
    ///
    /// # Errors
    /// [`NotLetIn`], which does not happen.
    pub(crate) fn ask_to_sign_in(&self) -> Result<(RequestChallengeResponse, SigningIn), NotLetIn> {
        let (mut asked, state) = self
            .0
            .start_discoverable_authentication()
            .map_err(|_| NotLetIn)?;
        // Somebody pressed a button and waits; nothing is offered while they type.
        asked.mediation = None;
        Ok((asked, SigningIn(state)))
    }

    /// Who says that they are signing in. It is not proven yet.
    ///
    /// # Errors
    /// [`NotLetIn`] if nobody is named whom this server could know.
    pub(crate) fn who(&self, shown: &PublicKeyCredential) -> Result<AccountId, NotLetIn> {
        let (handle, _) = self
            .0
            .identify_discoverable_authentication(shown)
            .map_err(|_| NotLetIn)?;
        u64::try_from(handle.as_u128())
            .map(AccountId)
            .map_err(|_| NotLetIn)
    }

    /// Proves that it is them, and tells what is to be kept of it. A passkey that was used less often than
    /// before is a copy of it, and lets nobody in.
    ///
    /// # Errors
    /// [`NotLetIn`].
    pub(crate) fn prove(
        &self,
        shown: &PublicKeyCredential,
        state: SigningIn,
        mut credentials: Credentials,
    ) -> Result<Credentials, NotLetIn> {
        let of_it = |passkey: &&mut Passkey| {
            let id: &[u8] = passkey.cred_id();
            id == shown.get_credential_id()
        };
        let passkey = credentials.passkeys.iter_mut().find(of_it);
        let passkey = passkey.ok_or(NotLetIn)?;
        let proven = self
            .0
            .finish_discoverable_authentication_v2(shown, state.0, &*passkey)
            .map_err(|_| NotLetIn)?;
        passkey.update_credential(&proven);
        Ok(credentials)
    }
}
