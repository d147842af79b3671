//! The methods that set connection options, for whoever holds them.

/// Writes the methods; the tokens are the way from `self` to the options, without its dots.
macro_rules! connection_methods {
    ($($at:ident)*) => {
        /// Whether the certificates of servers are checked. Default true.
        ///
        /// Without the check anybody on the way can read and change what is sent. For a server whose certificate the
        /// system does not trust, [`add_root_certificate`](Self::add_root_certificate) is the safe way.
        pub fn verify_ssl(mut self, verify: bool) -> Self {
            self.$($at.)*verify_ssl = Some(verify);
            self
        }

        /// Trusts a certificate beside those of the system; each call adds one. Default: those of the system alone.
        ///
        /// Bytes that are no certificate are an error of kind [`Config`](crate::ErrorKind::Config) when the client is
        /// built.
        pub fn add_root_certificate(mut self, certificate: $crate::Certificate) -> Self {
            self.$($at.)*root_certificates.push(certificate);
            self
        }

        /// Whether HTTP/2 is spoken where a server offers it while TLS is set up (ALPN). Default true with the feature
        /// `http2`; false is HTTP/1.1 alone.
        ///
        /// Without TLS nothing is negotiated, so `http://` is HTTP/1.1 in both cases.
        pub fn http2(mut self, http2: bool) -> Self {
            self.$($at.)*http2 = Some(http2);
            self
        }

        /// Whether HTTP/2 is spoken from the first byte, also without TLS (RFC 9113 §3.3). Default false.
        ///
        /// A server that speaks HTTP/1.1 alone is out of reach then.
        pub fn http2_prior_knowledge(mut self, prior_knowledge: bool) -> Self {
            self.$($at.)*http2_prior_knowledge = Some(prior_knowledge);
            self
        }

        /// Sends every request through the proxy at `url`, `http://` or `https://`, whatever the environment says.
        ///
        /// The URL may hold credentials (`http://user:password@proxy:3128`), percent-encoded where they have signs of
        /// their own; they are never shown. Requests to `https://` go through a tunnel (`CONNECT`, RFC 9110 §9.3.6), so
        /// the proxy reads only the name of the server. Loopback addresses go through this proxy too. A URL that is
        /// none is an error of kind [`Config`](crate::ErrorKind::Config) when the client is built.
        pub fn proxy(mut self, url: impl AsRef<str>) -> Self {
            self.$($at.)*proxy = $crate::connection::Proxy::Url(url.as_ref().to_owned());
            self
        }

        /// Uses no proxy at all: neither one that was named before nor those of the environment.
        pub fn no_proxy(mut self) -> Self {
            self.$($at.)*proxy = $crate::connection::Proxy::Off;
            self
        }

        /// Whether the environment names the proxy, where [`proxy`](Self::proxy) does not. Default true.
        ///
        /// `HTTP_PROXY` counts for `http://`, `HTTPS_PROXY` for `https://`, `ALL_PROXY` for what the two leave open, each
        /// also in lower case. They are read when the client is built, and
        /// again when it connects after a disconnect. Hosts of `NO_PROXY` and loopback hosts
        /// (`localhost`, `127.0.0.0/8`, `::1`) are asked directly. Under CGI (`REQUEST_METHOD` is set) none of it counts,
        /// since there a client can set `HTTP_PROXY` (CVE-2016-5385).
        pub fn proxy_from_env(mut self, from_env: bool) -> Self {
            self.$($at.)*proxy_from_env = Some(from_env);
            self
        }

        /// How long a connection may be silent before TCP asks whether the other side is there; `None` never asks.
        /// Default 15 s; at least 1 s.
        pub fn tcp_keepalive(mut self, idle: impl Into<Option<std::time::Duration>>) -> Self {
            self.$($at.)*tcp_keepalive = $crate::policy::deadline::Limit::from(idle.into());
            self
        }

        /// How many idle connections to one host are kept in each pool of the backend; 0 keeps none. Default: no limit.
        pub fn pool_max_idle_per_host(mut self, connections: usize) -> Self {
            self.$($at.)*pool_max_idle_per_host = Some(connections);
            self
        }

        /// How long an idle connection is kept; `None` keeps it until the server closes it. Default 50 s, since many
        /// servers close after 60 s, and letting go first avoids the race.
        pub fn pool_idle_timeout(mut self, idle: impl Into<Option<std::time::Duration>>) -> Self {
            self.$($at.)*pool_idle_timeout = $crate::policy::deadline::Limit::from(idle.into());
            self
        }

        /// The address of this machine that connections are made from. Default: the system chooses.
        pub fn local_address(mut self, address: impl Into<Option<std::net::IpAddr>>) -> Self {
            self.$($at.)*local_address = address.into();
            self
        }
    };
}

pub(crate) use connection_methods;
