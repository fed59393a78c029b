//! Makes the binary that people install small: what is there for backtraces only is compressed, or left out where the line
//! says it too.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |name, value| std::env::var(name).as_deref() == Ok(value);
    if !is("CARGO_CFG_TARGET_OS", "linux") {
        return;
    }
    // `-O2` packs tighter; zstd would too, but the standard library does not read it.
    println!("cargo:rustc-link-arg-bins=-Wl,--compress-debug-sections=zlib,-O2");
    if is("PROFILE", "release") && !is("DEBUG", "false") {
        // Names of functions and tables that no other part of the program calls by name: a tenth of the binary. A backtrace
        // still has the lines, and with `potok.dwp` beside it the names.
        println!("cargo:rustc-link-arg-bins=-Wl,--discard-all");
    }
}
