//! Where a request comes from, as far as limits are concerned.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;

use super::App;

/// The address that limits count by: an IPv4 address, or the network of an IPv6 address, because
/// whoever has one address there has 2⁶⁴.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Neighbourhood(IpAddr);

impl From<IpAddr> for Neighbourhood {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self(address.into()),
            IpAddr::V6(address) => {
                let network = u128::from(address) & !u128::from(u64::MAX);
                Self(Ipv6Addr::from(network).into())
            }
        }
    }
}

impl FromRequestParts<Arc<App>> for Neighbourhood {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|ConnectInfo(peer)| peer.ip());
        let forwarded = app
            .settings
            .behind_tls_proxy
            .then(|| forwarded_for(&parts.headers))
            .flatten();
        // Without any address all share one limit.
        let address = forwarded
            .or(peer)
            .unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED));
        Ok(address.into())
    }
}

/// The last address in the list: the one that our own proxy saw. What stands before it is hearsay.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?;
    last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn neighbourhood(address: &str) -> Neighbourhood {
        address.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn addresses_of_one_network_count_together() {
        assert_eq!(
            neighbourhood("2001:db8:1:2::7"),
            neighbourhood("2001:db8:1:2:ffff::1")
        );
        assert_ne!(
            neighbourhood("2001:db8:1:2::7"),
            neighbourhood("2001:db8:1:3::7")
        );
        assert_eq!(
            neighbourhood("::ffff:192.0.2.1"),
            neighbourhood("192.0.2.1")
        );
        assert_ne!(neighbourhood("192.0.2.1"), neighbourhood("192.0.2.2"));
    }

    #[test]
    fn only_what_the_proxy_itself_appended_is_believed() {
        let mut headers = HeaderMap::new();
        assert_eq!(forwarded_for(&headers), None);
        headers.append("x-forwarded-for", "198.51.100.1".parse().unwrap());
        headers.append("x-forwarded-for", "203.0.113.9, 192.0.2.1".parse().unwrap());
        assert_eq!(forwarded_for(&headers), "192.0.2.1".parse().ok());
    }
}
