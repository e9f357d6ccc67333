//! Messages of HTTP/1.1, read whole.

use std::io::{self, BufRead, Read as _, Write};

/// More than a browser or the server put before a body.
const HEAD_MAX_BYTES: u64 = 64 * 1024;

/// As many fields as a head may have.
const FIELDS_MAX: usize = 64;

/// Name and value of a header field.
type Field = (String, Vec<u8>);

/// What somebody asks.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) method: String,
    /// Path and query.
    pub(super) target: String,
    fields: Vec<Field>,
    body: Vec<u8>,
}

impl Request {
    /// The next one of a connection; `None` at its end.
    pub(super) fn read(from: &mut impl BufRead) -> io::Result<Option<Self>> {
        let Some(head) = read_head(from)? else {
            return Ok(None);
        };
        let mut fields = [httparse::EMPTY_HEADER; FIELDS_MAX];
        let mut parsed = httparse::Request::new(&mut fields);
        parsed.parse(&head).map_err(not_http)?;
        let mut request = Self {
            method: parsed.method.unwrap_or_default().to_owned(),
            target: parsed.path.unwrap_or_default().to_owned(),
            fields: owned(parsed.headers),
            body: Vec::new(),
        };
        if is_chunked(&request.fields) {
            request.body = read_chunks(from)?;
        } else if let Some(length) = length(&request.fields)? {
            request.body = read_exactly(from, length)?;
        }
        Ok(Some(request))
    }

    /// The path, without the query.
    pub(super) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// Nothing more will be asked on this connection.
    pub(super) fn asks_to_close(&self) -> bool {
        value(&self.fields, "connection").is_some_and(|value| value.eq_ignore_ascii_case(b"close"))
    }

    /// Writes it for a connection that carries nothing else.
    pub(super) fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let mut bytes = format!("{} {} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        push_fields(&mut bytes, &self.fields);
        bytes.extend(b"connection: close\r\n");
        if !self.body.is_empty() || value(&self.fields, "content-length").is_some() {
            bytes.extend(format!("content-length: {}\r\n", self.body.len()).bytes());
        }
        bytes.extend(b"\r\n");
        bytes.extend(&self.body);
        to.write_all(&bytes)
    }
}

/// What the server answers.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    status: u16,
    reason: String,
    fields: Vec<Field>,
    /// Without the framing that it came in.
    pub(super) body: Vec<u8>,
    /// The reply has no body by its nature, whatever its fields say.
    bodiless: bool,
}

impl Reply {
    /// The reply to `request`; an error if the server ended before it was whole.
    pub(super) fn read(from: &mut impl BufRead, request: &Request) -> io::Result<Self> {
        let head = read_head(from)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        let mut fields = [httparse::EMPTY_HEADER; FIELDS_MAX];
        let mut parsed = httparse::Response::new(&mut fields);
        parsed.parse(&head).map_err(not_http)?;
        let status = parsed.code.unwrap_or_default();
        let mut reply = Self {
            status,
            reason: parsed.reason.unwrap_or_default().to_owned(),
            fields: owned(parsed.headers),
            body: Vec::new(),
            bodiless: request.method == "HEAD" || matches!(status, 100..=199 | 204 | 304),
        };
        if reply.bodiless {
            return Ok(reply);
        }
        if is_chunked(&reply.fields) {
            reply.body = read_chunks(from)?;
        } else if let Some(length) = length(&reply.fields)? {
            reply.body = read_exactly(from, length)?;
        } else {
            from.read_to_end(&mut reply.body)?;
        }
        Ok(reply)
    }

    /// A page that answers with 200.
    pub(super) fn page(html: &str) -> Self {
        Self {
            status: 200,
            reason: "OK".to_owned(),
            fields: vec![("content-type".to_owned(), b"text/html".to_vec())],
            body: html.as_bytes().to_vec(),
            bodiless: false,
        }
    }

    /// The head and the body's first bytes, under the length of the whole body.
    pub(super) fn write_first(&self, bytes: usize, to: &mut impl Write) -> io::Result<()> {
        let mut out = format!("HTTP/1.1 {} {}\r\n", self.status, self.reason).into_bytes();
        push_fields(&mut out, &self.fields);
        if !self.bodiless {
            out.extend(format!("content-length: {}\r\n", self.body.len()).bytes());
        } else if let Some(length) = value(&self.fields, "content-length") {
            out.extend([b"content-length: ", length, b"\r\n"].concat());
        }
        out.extend(b"\r\n");
        out.extend(self.body.iter().take(bytes));
        to.write_all(&out)
    }

    /// All of it.
    pub(super) fn write(&self, to: &mut impl Write) -> io::Result<()> {
        self.write_first(self.body.len(), to)
    }
}

fn not_http(error: httparse::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

fn owned(fields: &[httparse::Header<'_>]) -> Vec<Field> {
    fields
        .iter()
        .map(|field| (field.name.to_ascii_lowercase(), field.value.to_vec()))
        .collect()
}

fn value<'a>(fields: &'a [Field], name: &str) -> Option<&'a [u8]> {
    fields
        .iter()
        .find(|(field, _)| field == name)
        .map(|(_, value)| value.as_slice())
}

fn is_chunked(fields: &[Field]) -> bool {
    value(fields, "transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case(b"chunked"))
}

fn length(fields: &[Field]) -> io::Result<Option<u64>> {
    let Some(value) = value(fields, "content-length") else {
        return Ok(None);
    };
    std::str::from_utf8(value)
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .map(Some)
        .ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// The fields, without those that hold for one connection or are written anew.
fn push_fields(out: &mut Vec<u8>, fields: &[Field]) {
    const ANEW: [&str; 4] = [
        "connection",
        "keep-alive",
        "transfer-encoding",
        "content-length",
    ];
    for (name, value) in fields {
        if !ANEW.contains(&name.as_str()) {
            out.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
    }
}

/// Everything up to the empty line and with it; `None` if nothing comes any more.
fn read_head(from: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut head = Vec::new();
    let mut limited = from.take(HEAD_MAX_BYTES);
    while limited.read_until(b'\n', &mut head)? > 0 {
        if head.ends_with(b"\r\n\r\n") {
            return Ok(Some(head));
        }
    }
    if head.is_empty() {
        return Ok(None);
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

fn read_exactly(from: &mut impl BufRead, length: u64) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    from.take(length).read_to_end(&mut body)?;
    if body.len() as u64 == length {
        return Ok(body);
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

fn read_chunks(from: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        from.read_line(&mut line)?;
        let digits = line.split(';').next().unwrap_or_default().trim();
        let length = u64::from_str_radix(digits, 16).map_err(|_| io::ErrorKind::InvalidData)?;
        body.extend(read_exactly(from, length)?);
        // Each chunk ends with a line break; after the last, of length 0, there may be fields before it.
        let mut rest = String::new();
        while from.read_line(&mut rest)? > 2 && length == 0 {
            rest.clear();
        }
        if length == 0 {
            return Ok(body);
        }
    }
}
