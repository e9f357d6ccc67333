//! Randomness from the operating system, drawn here and passed on.

/// The operating system gave no random numbers.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the operating system gave no random numbers: {0}")]
pub struct NoEntropy(getrandom::Error);

/// Draws random bytes fit for keys.
///
/// # Errors
/// [`NoEntropy`] where the operating system gives none.
pub fn random<const BYTES: usize>() -> Result<[u8; BYTES], NoEntropy> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(NoEntropy)?;
    Ok(bytes)
}
