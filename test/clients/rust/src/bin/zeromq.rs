//! The life cycle over the crate zeromq, which implements ZMTP in Rust.
use imgwire_lifecycle::{Frames, Outcome, Socket};
use std::{future::Future, time::Duration};
use tokio::{runtime::Runtime, time::timeout};
use zeromq::{ReqSocket, Socket as _, SocketRecv, SocketSend, ZmqMessage};

/// The crate has no timeouts of its own.
const TIMEOUT: Duration = Duration::from_secs(10);

struct Req<'a> {
    runtime: &'a Runtime,
    socket: ReqSocket,
}

impl Socket for Req<'_> {
    fn call(&mut self, frames: Frames) -> Outcome<Frames> {
        let mut frames = frames.into_iter();
        let mut message = ZmqMessage::from(frames.next().unwrap_or_default());
        frames.for_each(|frame| message.push_back(frame.into()));
        within(self.runtime, self.socket.send(message))?;
        let reply = within(self.runtime, self.socket.recv())?;
        Ok(reply
            .into_vec()
            .iter()
            .map(|frame| frame.to_vec())
            .collect())
    }
}

fn main() -> Outcome<()> {
    let runtime = Runtime::new()?;
    imgwire_lifecycle::main(|endpoint| {
        let mut socket = ReqSocket::new();
        within(&runtime, socket.connect(endpoint))?;
        Ok(Req {
            runtime: &runtime,
            socket,
        })
    })
}

fn within<T>(
    runtime: &Runtime,
    work: impl Future<Output = Result<T, zeromq::ZmqError>>,
) -> Outcome<T> {
    Ok(runtime.block_on(async { timeout(TIMEOUT, work).await })??)
}
