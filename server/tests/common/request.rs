//! Requests, as any client may make them, and as a device signs them.

use std::net::SocketAddr;
use std::time::Duration;

use wellfield_core::sync::{
    CHALLENGE_HEADER, Freshness, HttpReply, MEDIA_TYPE, Message, PROOF_HEADER, Problem,
    ProblemReply,
};

use super::{gzip, signing};

/// A reply over the network.
pub struct Received {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub body: Vec<u8>,
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The reply as a device reads it.
    pub fn as_device_reads_it(&self) -> HttpReply {
        HttpReply {
            status: self.status,
            media_type: self.header("content-type").to_owned(),
            body: self.body.clone(),
        }
    }

    pub fn message<M: Message>(&self) -> Result<M, ProblemReply> {
        self.as_device_reads_it().read().map_err(|problem| {
            problem.unwrap_or_else(|| panic!("not our reply: {} {:?}", self.status, self.headers))
        })
    }

    pub fn problem(&self) -> ProblemReply {
        assert_eq!(self.header("content-type"), MEDIA_TYPE);
        ProblemReply::from_bytes(&self.body).unwrap()
    }
}

/// A request, as any client may make it.
#[derive(Clone)]
pub struct Request {
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    /// The body before it was compressed, where it was.
    plain: Option<Vec<u8>>,
    /// Whether it is signed as a device's own.
    is_signed: bool,
}

impl Request {
    pub fn get(path: &str) -> Self {
        Self {
            method: "GET",
            path: path.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            plain: None,
            is_signed: false,
        }
    }

    pub fn post(path: &str, body: Vec<u8>) -> Self {
        Self {
            method: "POST",
            path: path.to_owned(),
            headers: Vec::new(),
            body,
            plain: None,
            is_signed: false,
        }
        .header("content-type", MEDIA_TYPE)
    }

    /// Adds a header, in place of one of the same name.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(other, _)| *other != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Compresses the body, as a tablet does.
    pub fn gzip(mut self) -> Self {
        let compressed = gzip(&self.body);
        self.plain = Some(std::mem::replace(&mut self.body, compressed));
        self.header("content-encoding", "gzip")
    }

    pub fn body_len(&self) -> usize {
        self.body.len()
    }

    /// As the device with this key sends it.
    pub fn key(self, key: &str) -> Self {
        self.shows(&format!("Bearer {key}"))
    }

    /// As a device sends it that shows this.
    pub fn shows(mut self, authorization: &str) -> Self {
        self.is_signed = true;
        self.header("authorization", authorization)
    }

    /// As whoever sends it who has what the device shows, and nothing to sign with.
    pub fn unsigned(mut self) -> Self {
        self.is_signed = false;
        self
    }

    pub fn send(self, address: SocketAddr) -> Received {
        self.try_send(address).unwrap()
    }

    pub fn try_send(self, address: SocketAddr) -> Result<Received, ureq::Error> {
        self.send_by(&agent(), address)
    }

    /// Sends it on a connection that others were sent on before. A device signs what the server asked it to sign
    /// last, and once more if that is over.
    pub fn send_by(
        self,
        agent: &ureq::Agent,
        address: SocketAddr,
    ) -> Result<Received, ureq::Error> {
        if !self.is_signed {
            return self.send_once(agent, address);
        }
        let challenge = signing::challenge(address);
        let received = self.signed(challenge).send_once(agent, address)?;
        let heard = signing::heard(address, received.header(CHALLENGE_HEADER));
        let is_news = heard != challenge;
        let is_unproven = ProblemReply::from_bytes(&received.body)
            .is_ok_and(|reply| reply.problem == Problem::Unproven);
        match is_news && is_unproven {
            true => self.signed(heard).send_once(agent, address),
            false => Ok(received),
        }
    }

    fn signed(&self, challenge: Freshness) -> Self {
        let shown = self
            .headers
            .iter()
            .find(|(name, _)| *name == "authorization");
        let shown = shown.map_or("", |(_, shown)| shown.as_str());
        let plain = self.plain.as_ref().unwrap_or(&self.body);
        let proof = signing::proof(self.method, &self.path, shown, plain, challenge);
        self.clone().header(PROOF_HEADER, &proof)
    }

    fn send_once(self, agent: &ureq::Agent, address: SocketAddr) -> Result<Received, ureq::Error> {
        let mut request = ureq::http::Request::builder()
            .method(self.method)
            .uri(format!("http://{address}{}", self.path));
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        let mut response = agent.run(request.body(self.body)?)?;
        let body = response
            .body_mut()
            .with_config()
            .limit(100 << 20)
            .read_to_vec()?;
        let (parts, _) = response.into_parts();
        Ok(Received {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        })
    }
}

/// What sends requests, and keeps its connections.
pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(60)))
        .build()
        .into()
}
