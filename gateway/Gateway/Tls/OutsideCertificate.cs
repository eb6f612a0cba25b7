using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Quartier.Gateway.Tls;

/// <summary>A certificate that the operator brings: PEM, the server's first and those between after it, or PFX. Read again when a file
/// changes; one that cannot be used is refused with the reason and the one before goes on.</summary>
/// <param name="file">PEM or PFX.</param>
/// <param name="keyFile">PEM with the key; null: it lies in <paramref name="file"/>.</param>
/// <param name="password">Of a PFX or an encrypted key; null: none.</param>
public sealed class OutsideCertificate(string file, string? keyFile, string? password)
{
    private byte[] seen = [];

    /// <summary>With its key; null until the first <see cref="Step"/> that went well.</summary>
    public X509Certificate2? Server { get; private set; }

    /// <summary>The certificates between the server's and a root.</summary>
    public X509Certificate2Collection Between { get; private set; } = [];

    /// <summary>Why what the files hold now is not in use; null: it is.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Looks at the files, and reads them when they are not what they were.</summary>
    /// <returns>Whether they changed.</returns>
    public bool Step(DateTimeOffset now)
    {
        try
        {
            byte[] bytes = [.. File.ReadAllBytes(file), .. keyFile is null ? [] : File.ReadAllBytes(keyFile)];
            var digest = SHA256.HashData(bytes);
            if (digest.AsSpan().SequenceEqual(seen))
            {
                return false;
            }

            seen = digest;
            Take(now);
            Refusal = null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            var before = Refusal;
            Refusal = $"{file}: {fault.Message}";
            return Refusal != before;
        }

        return true;
    }

    private void Take(DateTimeOffset now)
    {
        var all = new X509Certificate2Collection();
        X509Certificate2 server;
        if (IsPem())
        {
            all.ImportFromPemFile(file);
            using var read = password is null
                ? X509Certificate2.CreateFromPemFile(file, keyFile ?? file)
                : X509Certificate2.CreateFromEncryptedPemFile(file, password, keyFile ?? file);
            server = Authority.Usable(read);
        }
        else
        {
            all = X509CertificateLoader.LoadPkcs12CollectionFromFile(file, password);
            server = all.FirstOrDefault(certificate => certificate.HasPrivateKey) ?? throw new IOException("it holds no private key");
        }

        if (server.NotAfter <= now || server.NotBefore > now)
        {
            throw new IOException(FormattableString.Invariant($"it is valid from {server.NotBefore.ToUniversalTime():yyyy-MM-dd} to {server.NotAfter.ToUniversalTime():yyyy-MM-dd} only"));
        }

        (Server, Between) = (server, [.. all.Where(certificate => certificate.Thumbprint != server.Thumbprint)]);
    }

    private bool IsPem() => File.ReadAllText(file).Contains("-----BEGIN", StringComparison.Ordinal);
}
