namespace Quartier.Mqtt;

/// <summary>By what a connection logged in, and whether that still counts. The proof and its end may come in either order.</summary>
internal sealed class LogInProof
{
    private readonly Lock sync = new();
    private bool shown;
    private string? proof;
    private bool revoked;
    private string? revokedBut;

    /// <returns>False when it was revoked while the client was still logging in.</returns>
    public bool Show(string? shownProof)
    {
        lock (sync)
        {
            (shown, proof) = (true, shownProof);
            return !revoked || (revokedBut is not null && revokedBut == shownProof);
        }
    }

    /// <param name="keep">The proof that still counts, or null.</param>
    /// <returns>Whether the connection has to end now; one that has shown nothing yet ends by <see cref="Show"/>.</returns>
    public bool Revoke(string? keep)
    {
        lock (sync)
        {
            (revoked, revokedBut) = (true, keep);
            return shown && (keep is null || keep != proof);
        }
    }
}
