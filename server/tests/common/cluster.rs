//! A PostgreSQL of the tests' own: one for each test program, with a database for each test.
//!
//! It lies in a temporary folder, listens on a socket in it and, but for the tests of TLS, on nothing
//! else, and runs as an ordinary user. A shell watches over it and stops it as soon as this program ends, however it ends: the shell
//! reads from a pipe that only this program holds.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::{NoTls, SimpleQueryMessage};

/// $1 is where the programs are, $2 the port on which to speak TLS, if any. The disk is waited for, as
/// it is in earnest.
const WATCH: &str = r#"
trap '' INT TERM HUP
folder=$(mktemp -d "${TMPDIR:-/tmp}/wellfield-postgres-XXXXXX") || exit 1
chmod 755 "$folder"
log="$folder/log"
"$1/initdb" -D "$folder/data" -U wellfield -A trust -E UTF8 --no-locale --no-sync >"$log" 2>&1 || {
  cat "$log" >&2; rm -rf "$folder"; exit 1
}
port=${2:-5432}
if [ -n "$2" ]; then
  printf '%s\n' '[req]' 'distinguished_name=name' 'x509_extensions=use' 'prompt=no' '[name]' \
    'CN=localhost' '[use]' 'subjectAltName=DNS:localhost' 'basicConstraints=critical,CA:FALSE' \
    >"$folder/request"
  (umask 077; openssl req -new -x509 -days 2 -nodes -config "$folder/request" \
    -out "$folder/certificate.pem" -keyout "$folder/key.pem") >>"$log" 2>&1 || {
    cat "$log" >&2; rm -rf "$folder"; exit 1
  }
  chmod 644 "$folder/certificate.pem"
  printf '%s\n' "listen_addresses = '127.0.0.1'" 'ssl = on' \
    "ssl_cert_file = '$folder/certificate.pem'" "ssl_key_file = '$folder/key.pem'" \
    >>"$folder/data/postgresql.conf"
else
  echo "listen_addresses = ''" >>"$folder/data/postgresql.conf"
fi
"$1/postgres" -D "$folder/data" -k "$folder" -p "$port" -c fsync=on \
  -c max_connections=300 -c unix_socket_permissions=0777 </dev/null >>"$log" 2>&1 &
server=$!
until "$1/pg_isready" -q -h "$folder" -p "$port"; do
  kill -0 "$server" 2>/dev/null || { cat "$log" >&2; rm -rf "$folder"; exit 1; }
  sleep 0.05
done
echo "$folder"
read -r _
kill -QUIT "$server"
wait "$server"
rm -rf "$folder"
"#;

pub struct Cluster {
    folder: PathBuf,
    next: AtomicU32,
    /// The shell stops the server when this is closed, which the end of the program does.
    _pipe: ChildStdin,
    _shell: Child,
}

/// The cluster of this test program, started when it is first asked for.
pub fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| Cluster::start(""))
}

impl Cluster {
    /// A cluster that also speaks TLS, as `localhost`. Answers the port as well.
    pub fn with_tls() -> (Self, u16) {
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        (Self::start(&port.to_string()), port)
    }

    /// The certificate that it shows, which nobody but itself vouches for.
    pub fn certificate(&self) -> PathBuf {
        self.folder.join("certificate.pem")
    }

    fn start(tls_port: &str) -> Self {
        let mut shell = as_an_ordinary_user(&["sh", "-c", WATCH, "sh"])
            .arg(programs())
            .arg(tls_port)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let pipe = shell.stdin.take().expect("a pipe");
        let mut folder = String::new();
        BufReader::new(shell.stdout.take().expect("a pipe"))
            .read_line(&mut folder)
            .expect("the folder of the cluster");
        assert!(!folder.is_empty(), "PostgreSQL did not start: see above");
        Self {
            folder: folder.trim_end().into(),
            next: AtomicU32::new(1),
            _pipe: pipe,
            _shell: shell,
        }
    }

    /// A new database, of an ordinary user's: the policies of a database hold nobody who is above them.
    pub fn database(&self) -> Database {
        let number = self.next.fetch_add(1, Ordering::SeqCst);
        let name = format!("test_{number}");
        let postgres = self.at("postgres");
        postgres.sql(&format!("CREATE ROLE server_{number} LOGIN"));
        postgres.sql(&format!("CREATE DATABASE {name} OWNER server_{number}"));
        let mut database = self.at(&name);
        database.url = database
            .url
            .replace("wellfield@", &format!("server_{number}@"));
        database
    }

    /// The programs of PostgreSQL, such as the one that makes dumps.
    pub fn program(name: &str) -> PathBuf {
        programs().join(name)
    }

    fn at(&self, name: &str) -> Database {
        let socket = self.folder.to_str().expect("text").replace('/', "%2F");
        Database {
            url: format!("postgres://wellfield@{socket}/{name}"),
        }
    }
}

/// A database of the cluster.
#[derive(Clone, Debug)]
pub struct Database {
    /// As the server connects to it.
    pub url: String,
}

impl Database {
    /// Somebody else who is connected to the database.
    pub fn connect(&self) -> Other {
        Other::connect(&self.url)
    }

    /// Does something in the database, on a connection of its own.
    pub fn sql(&self, statements: &str) {
        self.connect().sql(statements);
    }

    /// The first value that a query answers, as text.
    pub fn value(&self, query: &str) -> String {
        self.connect().value(query)
    }

    /// The address with this between user and host.
    pub fn url_with_password(&self, password: &str) -> String {
        self.url.replacen('@', &format!(":{password}@"), 1)
    }
}

/// A connection beside those of the server. What it holds ends with it.
pub struct Other {
    runtime: tokio::runtime::Runtime,
    client: tokio_postgres::Client,
}

impl Other {
    fn connect(url: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let (client, connection) = runtime
            .block_on(tokio_postgres::connect(url, NoTls))
            .expect("a connection");
        runtime.spawn(connection);
        Self { runtime, client }
    }

    pub fn sql(&self, statements: &str) {
        self.runtime
            .block_on(self.client.batch_execute(statements))
            .expect("SQL that works");
    }

    pub fn value(&self, query: &str) -> String {
        let answer = self.runtime.block_on(self.client.simple_query(query));
        let row = answer
            .expect("SQL that works")
            .into_iter()
            .find_map(|message| match message {
                SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                _ => None,
            });
        row.unwrap_or_default()
    }

    /// Waits until a query answers this.
    pub fn wait_for(&self, query: &str, answer: &str) {
        let began = std::time::Instant::now();
        loop {
            let value = self.value(query);
            if value == answer {
                return;
            }
            assert!(
                began.elapsed().as_secs() < 30,
                "{query} answers {value}, not {answer}"
            );
            std::thread::yield_now();
        }
    }
}

/// Where PostgreSQL's programs lie. Nothing here is skipped where there are none.
fn programs() -> PathBuf {
    let has_all = |folder: &PathBuf| {
        ["initdb", "postgres", "pg_isready"]
            .iter()
            .all(|name| folder.join(name).is_file())
    };
    let named = std::env::var_os("PG_BIN").map(PathBuf::from);
    let mut installed: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    installed.sort_by_key(|folder| std::cmp::Reverse(major(folder)));
    let path = std::env::var_os("PATH").unwrap_or_default();
    // A link on the path leads to the folder where all of them are.
    let on_path = std::env::split_paths(&path)
        .filter_map(|folder| Some(folder.join("initdb").canonicalize().ok()?.parent()?.into()));
    named
        .into_iter()
        .chain(installed)
        .chain(on_path)
        .chain(of_pg_config())
        .find(has_all)
        .expect(
            "PostgreSQL's initdb is needed and was not found. `cargo xtask provision` installs it \
             or names the command; PG_BIN names the folder where it lies",
        )
}

fn major(folder: &Path) -> u32 {
    let version = folder.parent().and_then(Path::file_name);
    version
        .and_then(|version| version.to_str()?.parse().ok())
        .unwrap_or(0)
}

fn of_pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    Some(String::from_utf8(output.stdout).ok()?.trim().into())
}

/// A command that does not run as root: PostgreSQL refuses to.
fn as_an_ordinary_user(words: &[&str]) -> Command {
    let answer = |words: &[&str]| {
        let output = Command::new(words[0]).args(&words[1..]).output();
        output.map_or_else(
            |_| String::new(),
            |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        )
    };
    let mut command;
    if answer(&["id", "-u"]) != "0" {
        command = Command::new(words[0]);
        command.args(&words[1..]);
    } else if answer(&["setpriv", "--version"]).is_empty() {
        command = Command::new("runuser");
        command.args(["-u", "nobody", "--"]).args(words);
    } else {
        let group = answer(&["id", "-g", "nobody"]);
        command = Command::new("setpriv");
        command
            .args([
                "--reuid",
                "nobody",
                "--regid",
                &group,
                "--clear-groups",
                "--",
            ])
            .args(words);
    }
    // The folder for temporary files of root may be closed to others.
    if answer(&["id", "-u"]) == "0" {
        command.env("TMPDIR", "/tmp");
    }
    command
}
