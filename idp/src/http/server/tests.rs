use std::net::Ipv4Addr;

use axum::{Router, routing::get};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream},
    net::TcpStream,
};

use super::*;
use crate::http::testing::edge;

fn server(limits: ServerLimits) -> Server {
    let router = Router::new().route("/", get(|| async { "hello" }));
    Server::new(Front::new(edge(), router), limits)
}

fn held(server: &Server) -> Held {
    Held { _place: Arc::clone(&server.places).try_acquire_owned().expect("a free place"), _neighbour: None }
}

fn connect(server: &Server) -> DuplexStream {
    let (client, ours) = tokio::io::duplex(8 * limits::HEADERS);
    server.converse(ours, IpAddr::V4(Ipv4Addr::LOCALHOST), held(server));
    client
}

async fn told(client: &mut DuplexStream) -> String {
    let mut answer = Vec::new();
    client.read_to_end(&mut answer).await.expect("an answer");
    String::from_utf8(answer).expect("UTF-8")
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut_off() {
    // the timer is installed: without it this test would hang
    let server = server(ServerLimits { head_deadline: Duration::from_millis(20), ..ServerLimits::default() });
    let mut client = connect(&server);
    client.write_all(b"GET / HTTP/1.1\r\nHost: localhost:8080\r\nX-Slow: ").await.expect("written");
    assert!(!told(&mut client).await.contains("200 OK"));
    let mut silent = connect(&server);
    assert_eq!(told(&mut silent).await, "");
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused_as_such() {
    let server = server(ServerLimits::default());
    for head in [format!("X-Large: {}", "x".repeat(4 * limits::HEADERS)), "X-Many: 1\r\n".repeat(80)] {
        let mut client = connect(&server);
        let request = format!("GET / HTTP/1.1\r\nHost: localhost:8080\r\n{head}\r\n\r\n");
        client.write_all(request.as_bytes()).await.expect("written");
        let answer = told(&mut client).await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
}

#[tokio::test]
async fn a_connection_serves_many_requests_and_ends_when_told() {
    let server = server(ServerLimits::default());
    let mut client = connect(&server);
    client
        .write_all(b"GET / HTTP/1.1\r\nHost: localhost:8080\r\n\r\nGET / HTTP/1.1\r\nHost: localhost:8080\r\nConnection: close\r\n\r\n")
        .await
        .expect("written");
    let answers = told(&mut client).await;
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 2, "{answers}");
    assert_eq!(answers.matches("hello").count(), 2);
}

#[tokio::test]
async fn an_order_to_stop_ends_idle_connections_and_the_listener() {
    let listener = Listener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopping) = crate::stop::channel();
    let front = Front::new(edge(), Router::new());
    let serving = tokio::spawn(serve(vec![listener], front, ServerLimits::default(), stopping));
    let mut client = TcpStream::connect(address).await.expect("connected");
    client.write_all(b"GET / HTTP/1.1\r\nHost: localhost:8080\r\n\r\n").await.expect("written");
    let mut first = [0; 12];
    client.read_exact(&mut first).await.expect("an answer");
    assert_eq!(&first, b"HTTP/1.1 404");
    stop.stop();
    serving.await.expect("the server ended");
    let mut rest = Vec::new();
    client.read_to_end(&mut rest).await.expect("closed");
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_port_in_use_is_told_with_what_to_do() {
    let taken = Listener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.expect("a free port");
    let address = taken.local_addr().expect("an address");
    let error = Listener::bind(address).await.expect_err("taken").to_string();
    assert_eq!(
        error,
        format!("cannot listen on {address}: another program uses this port: stop it, or choose another address in `http.listen`")
    );
}

#[test]
fn one_network_cannot_take_every_place() {
    let all = Arc::new(Neighbours::default());
    let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
    let first = Neighbours::enter(&all, ip("203.0.113.1"), 2);
    let second = Neighbours::enter(&all, ip("203.0.113.99"), 2);
    assert!(first.is_some() && second.is_some());
    assert!(Neighbours::enter(&all, ip("203.0.113.7"), 2).is_none());
    assert!(Neighbours::enter(&all, ip("203.0.114.7"), 2).is_some());
    drop(first);
    assert!(Neighbours::enter(&all, ip("203.0.113.7"), 2).is_some());
    assert_eq!(prefix(ip("2a00:1:2:3::4")), ip("2a00:1:2::"));
}
