//! A way to the server that loses answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What happens to the next commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Nothing.
    Pass = 0,
    /// The server gets it, and the answer is lost with the connection.
    LoseAnswer = 1,
    /// It does not reach the server: the connection is lost before.
    LoseCommit = 2,
}

/// Stands between a store and its server.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    next: Arc<AtomicU8>,
}

impl Proxy {
    /// To the server at `to`.
    pub(crate) async fn start(to: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("it listens").port();
        let next = Arc::new(AtomicU8::new(Next::Pass as u8));
        let armed = Arc::clone(&next);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&to).await.expect("the cluster runs");
                tokio::spawn(carry(client, server, Arc::clone(&armed)));
            }
        });
        Self { port, next }
    }

    /// Does this to the next commit, once.
    pub(crate) fn arm(&self, next: Next) {
        self.next.store(next as u8, Ordering::SeqCst);
    }

    /// It was done.
    pub(crate) fn is_done(&self) -> bool {
        self.next.load(Ordering::SeqCst) == Next::Pass as u8
    }
}

async fn carry(mut client: TcpStream, mut server: TcpStream, next: Arc<AtomicU8>) {
    let (mut asked, mut answered) = (vec![0; 65536], vec![0; 65536]);
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let Ok(len @ 1..) = read else { return };
                let is_commit = asked[..len].windows(6).any(|bytes| bytes == b"COMMIT");
                let now = if is_commit { next.swap(Next::Pass as u8, Ordering::SeqCst) } else { Next::Pass as u8 };
                if now == Next::LoseCommit as u8 {
                    return;
                }
                if server.write_all(&asked[..len]).await.is_err() {
                    return;
                }
                if now == Next::LoseAnswer as u8 {
                    // It has been done when the answer is here, which nobody gets.
                    let _ = server.read(&mut answered).await;
                    return;
                }
            }
            read = server.read(&mut answered) => {
                let Ok(len @ 1..) = read else { return };
                if client.write_all(&answered[..len]).await.is_err() {
                    return;
                }
            }
        }
    }
}
