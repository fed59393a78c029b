//! What goes to the same machine, mostly to a proxy that has the certificate, need not be spread over time. Where the system spreads it (BBR),
//! a timer for every few packets costs five times what the bytes do: a MiB out of a file 0.65 ms of the server instead of 0.12.

use std::io;

use tokio::net::TcpListener;

/// Lets connections that `listener` will accept send as fast as they are read, if they can come from this machine only. How others
/// share a line is the business of whoever set the system up.
///
/// # Errors
/// The listener has no address, or the system does not know how.
#[cfg(target_os = "linux")]
pub(crate) fn local(listener: &TcpListener) -> io::Result<()> {
    match listener.local_addr()?.ip().to_canonical().is_loopback() {
        // Every Linux has it, and everybody may use it. Set here and not on connections: one that began otherwise goes on to
        // set timers (0.20 ms a MiB).
        true => socket2::SockRef::from(listener).set_tcp_congestion(b"reno"),
        false => Ok(()),
    }
}

/// Other systems are left as they are.
#[cfg(not(target_os = "linux"))]
pub(crate) fn local(_: &TcpListener) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use socket2::SockRef;
    use tokio::net::TcpStream;

    use super::*;

    fn name(of: &SockRef<'_>) -> String {
        let name = of.tcp_congestion().unwrap();
        String::from_utf8(name).unwrap().trim_end_matches('\0').to_owned()
    }

    #[tokio::test]
    async fn connections_of_this_machine_only_are_not_spread_over_time() {
        for (address, is_local) in [("127.0.0.1:0", true), ("0.0.0.0:0", false)] {
            let listener = TcpListener::bind(address).await.unwrap();
            let before = name(&SockRef::from(&listener));
            local(&listener).unwrap();
            let port = listener.local_addr().unwrap().port();
            let (client, accepted) = tokio::join!(TcpStream::connect(("127.0.0.1", port)), listener.accept());
            assert_eq!(name(&SockRef::from(&client.unwrap())), before, "the client's own business");
            let accepted = name(&SockRef::from(&accepted.unwrap().0));
            assert_eq!(accepted, if is_local { "reno" } else { &before }, "{address}");
        }
    }
}
