//! Where the database is: `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…`.
//!
//! The password is in here and comes out nowhere but towards the database: what is shown, and what goes
//! wrong, names it in no form.

use std::fmt;
use std::path::PathBuf;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

/// The address of a PostgreSQL database, with what is needed to get in.
#[derive(Clone)]
pub struct DatabaseUrl {
    config: Box<Config>,
    pub(super) verify: Verify,
}

/// How far the certificate of the database is to be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verify {
    /// It only makes the connection unreadable to who listens, as everywhere else with `require`.
    Nothing,
    /// It must be of the host that was asked for, by whom the machine trusts.
    Machine,
    /// It must be of the host that was asked for, by one of those in this file.
    File(PathBuf),
}

/// Why an address cannot be read. It does not quote the address, which may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// It is no address of a PostgreSQL database.
    #[error("the database is not written as postgres://USER@HOST/DATABASE")]
    Form,
    /// The wish for TLS is none of those there are.
    #[error("sslmode of the database is disable, prefer, require or verify-full")]
    SslMode,
}

impl DatabaseUrl {
    /// Reads an address. Beside what PostgreSQL's own tools know in the query, `sslmode=verify-full`
    /// and `sslrootcert` are understood here.
    ///
    /// # Errors
    /// See [`UrlError`].
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let known = ["postgres://", "postgresql://"];
        if !known.iter().any(|scheme| text.starts_with(scheme)) {
            return Err(UrlError::Form);
        }
        let (address, query) = text.split_once('?').unwrap_or((text, ""));
        let mut verify = Verify::Nothing;
        let mut mode = None;
        let mut others = Vec::new();
        for setting in query.split('&').filter(|setting| !setting.is_empty()) {
            match setting.split_once('=') {
                Some(("sslmode", word)) => mode = Some(word),
                Some(("sslrootcert", path)) => {
                    verify = Verify::File(decoded(path).ok_or(UrlError::Form)?.into());
                }
                _ => others.push(setting),
            }
        }
        let rest = format!("{address}?{}", others.join("&"));
        let mut config: Config = rest.parse().map_err(|_| UrlError::Form)?;
        config.ssl_mode(match mode {
            Some("disable") => SslMode::Disable,
            None | Some("prefer") => SslMode::Prefer,
            Some("require") => SslMode::Require,
            Some("verify-full") => {
                if verify == Verify::Nothing {
                    verify = Verify::Machine;
                }
                SslMode::Require
            }
            Some(_) => return Err(UrlError::SslMode),
        });
        // Of several hosts the one that takes writes: after a change of roles the others do not.
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        if config.get_application_name().is_none() {
            config.application_name("wellfield");
        }
        Ok(Self {
            config: Box::new(config),
            verify,
        })
    }

    /// How to connect.
    pub(super) fn config(&self) -> Config {
        Config::clone(&self.config)
    }
}

/// Without user and password: what an operator needs to tell two databases apart.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        for (place, host) in self.config.get_hosts().iter().enumerate() {
            if place > 0 {
                f.write_str(",")?;
            }
            match host {
                Host::Tcp(name) => f.write_str(name)?,
                #[cfg(unix)]
                Host::Unix(path) => write!(f, "{}", path.display())?,
            }
            let ports = self.config.get_ports();
            if let Some(port) = ports.get(place).or_else(|| ports.first()) {
                write!(f, ":{port}")?;
            }
        }
        write!(f, "/{}", self.config.get_dbname().unwrap_or_default())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Text in which `%2F` stands for `/`, and so on.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_who_gets_in_and_how() {
        let url = DatabaseUrl::parse("postgres://ann:hunter2@db.example.org:5433/wellfield");
        let url = url.unwrap();
        assert_eq!(url.to_string(), "postgres://db.example.org:5433/wellfield");
        assert_eq!(format!("{url:?}"), url.to_string());
        assert_eq!(url.config().get_password(), Some("hunter2".as_bytes()));
    }

    #[test]
    fn what_cannot_be_read_is_not_quoted() {
        for text in [
            "hunter2",
            "host=db password=hunter2",
            "postgres://ann:hunter2@db:port/x",
            "postgres://ann:x@db/wellfield?hunter2=1",
            "mysql://ann:hunter2@db/wellfield",
            "postgres://ann@db/wellfield?sslmode=hunter2",
        ] {
            let error = DatabaseUrl::parse(text).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{text}");
        }
    }

    #[test]
    fn tls_is_as_wished_for() {
        let parsed = |query: &str| {
            let url = DatabaseUrl::parse(&format!("postgres://db/wellfield{query}")).unwrap();
            (url.config().get_ssl_mode(), url.verify)
        };
        assert_eq!(parsed(""), (SslMode::Prefer, Verify::Nothing));
        assert_eq!(
            parsed("?sslmode=disable"),
            (SslMode::Disable, Verify::Nothing)
        );
        assert_eq!(
            parsed("?connect_timeout=3&sslmode=require"),
            (SslMode::Require, Verify::Nothing)
        );
        assert_eq!(
            parsed("?sslmode=verify-full"),
            (SslMode::Require, Verify::Machine)
        );
        assert_eq!(
            parsed("?sslrootcert=%2Fetc%2Fca.pem&sslmode=verify-full"),
            (SslMode::Require, Verify::File("/etc/ca.pem".into()))
        );
        let refused = DatabaseUrl::parse("postgres://db/wellfield?sslmode=allow");
        assert_eq!(refused.unwrap_err(), UrlError::SslMode);
    }
}
