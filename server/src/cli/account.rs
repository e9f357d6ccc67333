//! `wellfield account`: who signs in on the server's pages. The first administrator is invited here.

use clap::{Args, Subcommand, ValueEnum};
use wellfield_core::access::DeskRole;
use wellfield_core::audit::Actor;
use wellfield_core::desk::{Account, SignInName, programmes_of};
use wellfield_core::ids::AccountId;
use wellfield_core::text::Line;

use super::enrol::find_programme;
use super::failure::Failure;
use super::place::Data;
use super::say;
use crate::clock::{Clock, SystemClock};
use crate::entropy::random;
use crate::invitations::{Invited, Uninvited, invite as keep_invitation};
use crate::storage::{AccountBy, AccountEntry, CloseRefused, Closing, Storage, StorageError};
use crate::unicode::nfc;

#[derive(Subcommand)]
pub(super) enum AccountCommand {
    /// Invite somebody, or invite somebody anew who lost what they sign in with.
    Invite(Invite),
    /// Tell who signs in.
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Close an account: they are signed out at once.
    Close {
        /// With what they sign in.
        #[arg(long, value_name = "EMAIL")]
        sign_in: String,
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Args)]
pub(super) struct Invite {
    /// What they do.
    #[arg(long)]
    role: DeskRoleName,
    /// Their name and where they work.
    #[arg(long)]
    name: String,
    /// Where they are to be reached.
    #[arg(long, value_name = "PHONE OR EMAIL")]
    contact: String,
    /// The e-mail address with which they sign in. Nothing is sent to it.
    #[arg(long, value_name = "EMAIL")]
    sign_in: String,
    /// A programme into which a link worker refers people. Can be given several times.
    #[arg(long, value_name = "NAME")]
    programme: Vec<String>,
    #[command(flatten)]
    data: Data,
}

#[derive(Clone, Copy, ValueEnum)]
enum DeskRoleName {
    /// Refers people from a surgery.
    LinkWorker,
    /// Answers for data protection.
    DataProtectionLead,
    /// Says who signs in.
    Administrator,
}

impl From<DeskRoleName> for DeskRole {
    fn from(name: DeskRoleName) -> Self {
        match name {
            DeskRoleName::LinkWorker => Self::LinkWorker,
            DeskRoleName::DataProtectionLead => Self::DataProtectionLead,
            DeskRoleName::Administrator => Self::Administrator,
        }
    }
}

pub(super) async fn account(command: AccountCommand) -> Result<(), Failure> {
    match command {
        AccountCommand::Invite(invitation) => invite(invitation).await,
        AccountCommand::List { data } => list(data).await,
        AccountCommand::Close { sign_in, data } => close(&sign_in, data).await,
    }
}

fn line(option: &'static str, typed: &str) -> Result<Line, Failure> {
    Line::typed(typed, nfc).map_err(|error| Failure::Option {
        option,
        why: error.to_string(),
    })
}

fn address(typed: &str) -> Result<SignInName, Failure> {
    SignInName::typed(typed, nfc).map_err(|error| Failure::Option {
        option: "--sign-in",
        why: error.to_string(),
    })
}

async fn invite(invitation: Invite) -> Result<(), Failure> {
    let storage = invitation.data.place()?.open_existing().await?;
    let sign_in = address(&invitation.sign_in)?;
    let known = storage.account(AccountBy::SignIn(sign_in.clone())).await?;
    let number = match known {
        Some(entry) => entry.account.account,
        None => AccountId(u64::from_be_bytes(random()?)),
    };
    let mut programmes = Vec::new();
    for name in &invitation.programme {
        programmes.push(find_programme(&storage, name).await?);
    }
    let role = invitation.role.into();
    let programmes = programmes_of(role, programmes).ok_or_else(|| Failure::Option {
        option: "--programme",
        why: "a link worker refers into at least one".to_owned(),
    })?;
    let account = Account {
        account: number,
        role,
        sign_in,
        name: line("--name", &invitation.name)?,
        contact: line("--contact", &invitation.contact)?,
        programmes,
        closed: false,
    };
    let Invited { account, code } = invited(&*storage, account).await?;
    say(&format!("Invitation for {}: {code}", account.name))?;
    say("It counts once, within a week, at /desk/join.")
}

/// Invites somebody on behalf of whoever can run commands here.
pub(super) async fn invited(storage: &dyn Storage, account: Account) -> Result<Invited, Failure> {
    let now = SystemClock.now();
    let invited = keep_invitation(storage, account, Actor::CommandLine, now).await;
    invited.map_err(|error| match error {
        Uninvited::AddressTaken => Failure::Option {
            option: "--sign-in",
            why: error.to_string(),
        },
        Uninvited::Unavailable(unavailable) => unavailable.into(),
        Uninvited::Entropy(error) => error.into(),
    })
}

async fn list(data: Data) -> Result<(), Failure> {
    let storage = data.place()?.open_existing().await?;
    for AccountEntry {
        account,
        credentials,
    } in storage.accounts().await?
    {
        let standing = match (account.closed, credentials.is_empty()) {
            (true, _) => "closed",
            (false, true) => "invited, not set up",
            (false, false) => "signs in",
        };
        let (name, address) = (&account.name, account.sign_in.as_str());
        say(&format!(
            "{}  {}  {address}  {name}  {standing}",
            account.account,
            account.role.name()
        ))?;
    }
    Ok(())
}

async fn close(typed: &str, data: Data) -> Result<(), Failure> {
    let storage = data.place()?.open_existing().await?;
    let nobody = || Failure::Option {
        option: "--sign-in",
        why: "nobody signs in with that address".to_owned(),
    };
    let known = storage.account(AccountBy::SignIn(address(typed)?)).await?;
    let account = known.ok_or_else(nobody)?.account.account;
    let closing = Closing {
        account,
        by: Actor::CommandLine,
        now: SystemClock.now(),
    };
    storage
        .close_account(closing)
        .await
        .map_err(|error| match error {
            StorageError::Refused(CloseRefused::NoAccount) => nobody(),
            StorageError::Unavailable(unavailable) => unavailable.into(),
        })?;
    say("Closed. Whoever was signed in is signed out.")
}
