//! Every fault, seen from both sides: by a client, and by a small server that keeps what it was asked.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::io::{BufReader, Write as _};
use std::sync::mpsc::{Receiver, channel};

use super::http::Reply;
use super::*;

const ANYWHERE: &str = "127.0.0.1:0";
const BODY: &str = "sixteen letters.";

/// A server behind a proxy. Each request that reaches it is told as `METHOD target body`.
struct Stage {
    proxy: FaultProxy,
    asked: Receiver<String>,
}

fn stage() -> Stage {
    let listener = TcpListener::bind(ANYWHERE).unwrap();
    let server = listener.local_addr().unwrap();
    let (tell, asked) = channel();
    std::thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let mut from = BufReader::new(client.try_clone().unwrap());
            while let Ok(Some(request)) = Request::read(&mut from) {
                let mut bytes = Vec::new();
                request.write(&mut bytes).unwrap();
                let text = String::from_utf8(bytes).unwrap();
                let body = text.split_once("\r\n\r\n").unwrap().1;
                let _ = tell.send(format!("{} {} {body}", request.method, request.target));
                client.write_all(reply_to(&request).as_bytes()).unwrap();
                if request.asks_to_close() {
                    break;
                }
            }
        }
    });
    let proxy = FaultProxy::start(ANYWHERE.parse().unwrap(), server, 7).unwrap();
    Stage { proxy, asked }
}

fn reply_to(request: &Request) -> String {
    match request.path() {
        "/chunked" => "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n8\r\nsixteen \r\n8;x=1\r\nletters.\r\n0\r\nTrailer: 1\r\n\r\n".into(),
        "/nothing" => "HTTP/1.1 304 Not Modified\r\netag: \"1\"\r\n\r\n".into(),
        "/to-the-end" => format!("HTTP/1.1 200 OK\r\n\r\n{BODY}"),
        "/broken" => format!("HTTP/1.1 200 OK\r\ncontent-length: 99\r\nconnection: close\r\n\r\n{BODY}"),
        _ => format!("HTTP/1.1 200 OK\r\ncontent-length: 16\r\ncontent-type: text/x\r\n\r\n{BODY}"),
    }
}

/// A connection of a browser.
struct Client {
    from: BufReader<TcpStream>,
    to: TcpStream,
}

impl Client {
    fn ask(&mut self, method: &str, target: &str, body: &str) {
        let length = body.len();
        let head = format!("{method} {target} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}");
        write!(self.to, "{head}\r\n\r\n{body}").unwrap();
    }

    /// Status line, content type and body; an error if the connection was cut before the end.
    fn read(&mut self, method: &str) -> io::Result<String> {
        let asked = format!("{method} / HTTP/1.1\r\n\r\n");
        let asked = Request::read(&mut asked.as_bytes())?.unwrap();
        let reply = Reply::read(&mut self.from, &asked)?;
        let mut bytes = Vec::new();
        reply.write(&mut bytes)?;
        Ok(String::from_utf8(bytes).unwrap())
    }

    fn get(&mut self, target: &str) -> io::Result<String> {
        self.ask("GET", target, "");
        self.read("GET")
    }
}

impl Stage {
    fn client(&self) -> Client {
        let to = TcpStream::connect(self.proxy.address()).unwrap();
        let from = BufReader::new(to.try_clone().unwrap());
        Client { from, to }
    }

    fn order(&self, line: &str) -> String {
        self.proxy.obey(line).unwrap()
    }

    fn struck(&self) -> String {
        let report = self.order("counts");
        report.split_once(r#""struck":"#).unwrap().1.to_owned()
    }

    /// What reached the server and was not looked at yet.
    fn asked(&self) -> Vec<String> {
        self.asked.try_iter().collect()
    }

    fn until_held(&self, held: u64) {
        while !self.order("counts").contains(&format!(r#""held":{held}"#)) {
            std::thread::yield_now();
        }
    }
}

#[test]
fn without_orders_everything_goes_through_on_one_connection() {
    let stage = stage();
    let mut client = stage.client();
    client.ask("POST", "/a?b=c", "told");
    let reply = client.read("POST").unwrap();
    assert_eq!(
        reply,
        format!("HTTP/1.1 200 OK\r\ncontent-type: text/x\r\ncontent-length: 16\r\n\r\n{BODY}")
    );
    for target in ["/chunked", "/to-the-end"] {
        assert!(
            client
                .get(target)
                .unwrap()
                .ends_with(&format!("content-length: 16\r\n\r\n{BODY}"))
        );
    }
    assert!(
        client
            .get("/nothing")
            .unwrap()
            .ends_with("etag: \"1\"\r\n\r\n")
    );
    client.ask("HEAD", "/head", "");
    assert!(client.read("HEAD").unwrap().contains("content-length: 16"));
    assert_eq!(
        stage.asked(),
        [
            "POST /a?b=c told",
            "GET /chunked ",
            "GET /to-the-end ",
            "GET /nothing ",
            "HEAD /head "
        ]
    );
    assert_eq!(
        stage.order("counts"),
        r#"{"requests":5,"orders":0,"held":0,"struck":{}}"#
    );
}

#[test]
fn a_request_in_chunks_arrives_whole() {
    let stage = stage();
    let mut client = stage.client();
    let head = "POST /a HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n";
    write!(client.to, "{head}2\r\nto\r\n2\r\nld\r\n0\r\n\r\n").unwrap();
    client.read("POST").unwrap();
    assert_eq!(stage.asked(), ["POST /a told"]);
}

#[test]
fn what_the_server_does_not_finish_is_not_finished_by_the_proxy() {
    let stage = stage();
    assert!(stage.client().get("/broken").is_err());
    let nowhere = TcpListener::bind(ANYWHERE).unwrap().local_addr().unwrap();
    let proxy = FaultProxy::start(ANYWHERE.parse().unwrap(), nowhere, 7).unwrap();
    let asked = stage.asked;
    assert!(Stage { proxy, asked }.client().get("/").is_err());
}

#[test]
fn a_cut_before_keeps_the_request_from_the_server_and_a_cut_after_only_the_reply() {
    let stage = stage();
    stage.order("next GET /a cut_before");
    stage.order("next GET /b cut_after");
    assert!(stage.client().get("/a").is_err());
    assert_eq!(stage.asked(), [""; 0]);
    assert!(stage.client().get("/b").is_err());
    assert_eq!(stage.asked(), ["GET /b "]);
    assert_eq!(
        stage.struck(),
        r#"{"cut_before":{"GET /a":1},"cut_after":{"GET /b":1}}}"#
    );
}

#[test]
fn half_a_reply_is_noticed_by_its_length_or_looks_whole() {
    let stage = stage();
    stage.order("next GET /a truncate");
    stage.order("next GET /a shorten");
    assert_eq!(
        stage.client().get("/a").unwrap_err().kind(),
        io::ErrorKind::UnexpectedEof
    );
    let mut client = stage.client();
    let short = client.get("/a").unwrap();
    assert!(
        short.ends_with("content-length: 8\r\n\r\nsixteen "),
        "{short}"
    );
    assert!(client.get("/a").unwrap().ends_with(BODY));
    stage.order("next GET /nothing truncate");
    assert!(client.get("/nothing").is_ok());
    assert_eq!(
        stage.struck(),
        r#"{"truncate":{"GET /a":1},"shorten":{"GET /a":1}}}"#
    );
}

#[test]
fn a_duplicate_arrives_twice_and_a_login_page_answers_for_the_server() {
    let stage = stage();
    stage.order("next POST /a duplicate");
    stage.order("next GET /a login 2");
    let mut client = stage.client();
    client.ask("POST", "/a", "told");
    assert!(client.read("POST").unwrap().ends_with(BODY));
    assert_eq!(stage.asked(), ["POST /a told"; 2]);
    for _ in 0..2 {
        let page = client.get("/a").unwrap();
        assert!(
            page.starts_with("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n"),
            "{page}"
        );
        assert!(page.contains("Sign in"));
    }
    assert_eq!(stage.asked(), [""; 0]);
    assert!(client.get("/a").unwrap().ends_with(BODY));
    assert_eq!(
        stage.struck(),
        r#"{"duplicate":{"POST /a":1},"login":{"GET /a":2}}}"#
    );
}

#[test]
fn what_is_held_goes_on_when_it_is_released_even_if_nobody_waits_any_more() {
    let stage = stage();
    stage.order("next GET /before hold_before");
    stage.order("next GET /after hold_after");
    let mut before = stage.client();
    before.ask("GET", "/before", "");
    stage.until_held(1);
    assert_eq!(stage.asked(), [""; 0]);
    let mut after = stage.client();
    after.ask("GET", "/after", "");
    stage.until_held(2);
    assert_eq!(stage.asked(), ["GET /after "]);
    drop(before);
    stage.order("release");
    assert!(after.read("GET").unwrap().ends_with(BODY));
    assert_eq!(stage.asked.recv().unwrap(), "GET /before ");
    stage.until_held(0);
}

#[test]
fn a_delay_takes_its_time() {
    let stage = stage();
    stage.order("delays 30 40");
    stage.order("next GET /a delay");
    let started = std::time::Instant::now();
    assert!(stage.client().get("/a").unwrap().ends_with(BODY));
    assert!(started.elapsed().as_millis() >= 30);
    assert_eq!(stage.struck(), r#"{"delay":{"GET /a":1}}}"#);
}

/// What a client meets that asks 200 times: whether there was a reply, and whether it was the server's.
fn history(stage: &Stage) -> Vec<Option<bool>> {
    let ask = |_| stage.client().get("/v1/a").ok();
    let replies = (0..200).map(ask);
    replies
        .map(|reply| reply.map(|reply| reply.ends_with(BODY)))
        .collect()
}

#[test]
fn what_strikes_by_chance_follows_from_the_seed_and_strikes_only_where_it_may() {
    const RATES: &str =
        "rates /v1/ cut_before=100 cut_after=100 truncate=100 shorten=100 login=100";
    let (one, other) = (stage(), stage());
    one.order(RATES);
    other.order(RATES);
    let happened = history(&one);
    assert_eq!(happened, history(&other));
    let struck = one.struck();
    assert_eq!(struck, other.struck());
    for fault in ["cut_before", "cut_after", "truncate", "shorten", "login"] {
        assert!(struck.contains(fault), "{fault} in {struck}");
    }
    assert!(happened.contains(&Some(true)));
    let mut elsewhere = one.client();
    for _ in 0..50 {
        assert!(elsewhere.get("/app/").unwrap().ends_with(BODY));
    }
    one.order("rates /");
    assert!(history(&one).iter().all(|reply| *reply == Some(true)));
}

#[test]
fn after_clear_nothing_goes_wrong_and_nothing_is_held() {
    let stage = stage();
    stage.order("rates / login=1000");
    stage.order("next GET /a hold_before");
    stage.order("next GET /a cut_after 9");
    let mut held = stage.client();
    held.ask("GET", "/a", "");
    stage.until_held(1);
    assert!(stage.order("clear").contains(r#""orders":0"#));
    assert!(held.read("GET").unwrap().ends_with(BODY));
    assert!(stage.client().get("/a").unwrap().ends_with(BODY));
}

#[test]
fn a_line_that_says_nothing_changes_nothing() {
    let stage = stage();
    for line in [
        "",
        "storm",
        "rates",
        "rates / delay",
        "rates / flood=10",
        "rates / delay=600 login=600",
        "rates / delay=99999999999",
        "delays 5",
        "delays 6 5",
        "next GET /a",
        "next GET /a flood",
        "next GET /a login 0",
        "next GET /a login 1 2",
        "release now",
    ] {
        let error = stage.proxy.obey(line).unwrap_err();
        assert_eq!(error.to_string(), format!("not understood: {line}"));
    }
    assert!(stage.client().get("/a").unwrap().ends_with(BODY));
    assert!(stage.order("counts").contains(r#""orders":0"#));
}

#[test]
fn every_fault_has_a_name_of_its_own() {
    for fault in fault::Fault::ALL {
        assert_eq!(fault::Fault::named(fault.name()), Some(fault));
    }
}
