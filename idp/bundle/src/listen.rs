//! Loopback only: 127.0.0.1, and ::1 where the machine has IPv6.

use std::{
    io::ErrorKind,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener as Probe},
};

use anyhow::anyhow;
use tokio::net::TcpListener;

/// The addresses of a port.
pub fn addresses(port: u16) -> Vec<SocketAddr> {
    let v4 = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let v6 = SocketAddr::from((Ipv6Addr::LOCALHOST, port));
    let has_v6 = match Probe::bind((Ipv6Addr::LOCALHOST, 0)) {
        Ok(_) => true,
        Err(error) => !matches!(error.kind(), ErrorKind::AddrNotAvailable | ErrorKind::Unsupported),
    };
    if has_v6 { vec![v4, v6] } else { vec![v4] }
}

/// Takes a port on every address.
pub async fn take(port: u16) -> anyhow::Result<Vec<TcpListener>> {
    let mut listeners = Vec::new();
    for address in addresses(port) {
        listeners.push(TcpListener::bind(address).await.map_err(|error| in_use(address, &error))?);
    }
    Ok(listeners)
}

fn in_use(address: SocketAddr, error: &std::io::Error) -> anyhow::Error {
    match error.kind() {
        ErrorKind::AddrInUse => {
            anyhow!("{address} is in use by another program (perhaps another aplec): stop it, or choose three other ports with --port-base")
        }
        ErrorKind::PermissionDenied => anyhow!("{address} cannot be used without a privilege: choose ports above 1023 with --port-base"),
        _ => anyhow!("{address} cannot be listened on: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_in_use_is_told_with_what_to_do() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let port = taken.local_addr().expect("an address").port();
        let told = take(port).await.expect_err("in use").to_string();
        assert!(told.contains(&port.to_string()) && told.contains("--port-base"), "{told}");
    }
}
