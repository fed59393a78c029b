//! Lets the debug information of the binary be compressed: it is there for the lines of backtraces only, which are read
//! from compressed sections too.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        // `-O2` packs tighter; zstd would too, but the standard library does not read it.
        println!("cargo:rustc-link-arg-bins=-Wl,--compress-debug-sections=zlib,-O2");
    }
}
