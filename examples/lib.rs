//! What the examples share: a server of their own.

use std::io;

use axum::Router;
use tokio::net::TcpListener;

/// Serves `routes` on a free port of this machine until the program ends, and says where.
///
/// # Errors
///
/// If there is no free port.
pub async fn serve(routes: Router) -> io::Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async { axum::serve(listener, routes).await });
    Ok(url)
}
