//! Starts [`potok::main`].

fn main() -> std::process::ExitCode {
    potok::main()
}
