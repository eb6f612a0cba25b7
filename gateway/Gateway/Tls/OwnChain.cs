using System.Security.Cryptography.X509Certificates;

namespace Quartier.Gateway.Tls;

/// <summary>An authority of the gateway's own in the data folder and the server's certificate under it, which is made anew in time.</summary>
public sealed class OwnChain
{
    /// <summary>A certificate is made anew this long before its end.</summary>
    public static readonly TimeSpan RenewedBefore = TimeSpan.FromDays(60);

    private static readonly TimeSpan Length = TimeSpan.FromDays(365);

    private readonly string serverFile;
    private readonly bool fromTheBeginning;

    private OwnChain(X509Certificate2 authority, string serverFile, bool fromTheBeginning)
    {
        (Authority, this.serverFile, this.fromTheBeginning) = (authority, serverFile, fromTheBeginning);
        Server = Stored(serverFile);
    }

    /// <summary>With its key.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>With its key; null until the first <see cref="Step"/>.</summary>
    public X509Certificate2? Server { get; private set; }

    /// <summary>browsers-authority.pem and browsers-server.pem; the authority is made where there is none.</summary>
    /// <exception cref="IOException">A file cannot be read or written; an authority that is damaged is never replaced by itself.</exception>
    public static OwnChain ForBrowsers(string folder, ServerNames names, DateTimeOffset now) =>
        new(Find(folder, "browsers", () => Tls.Authority.ForBrowsers(Environment.MachineName, names, now)), Path.Combine(folder, "browsers-server.pem"), false);

    /// <summary>devices-authority.pem and devices-server.pem. Their certificates count from the authority's first day: a device that has no
    /// time yet after a restart stands at the day it was given the root, and a renewed certificate must hold then too.</summary>
    /// <exception cref="IOException">See <see cref="ForBrowsers"/>.</exception>
    public static OwnChain ForDevices(string folder, DateTimeOffset now) =>
        new(Find(folder, "devices", () => Tls.Authority.ForDevices(Environment.MachineName, now)), Path.Combine(folder, "devices-server.pem"), true);

    /// <summary>Those of the names that the authority may not vouch for.</summary>
    public ServerNames Refused(ServerNames names) => names.Without(Permitted(names));

    /// <summary>Makes the server's certificate anew where it ends soon, holds not yet, or lacks a name.</summary>
    /// <returns>Whether it did.</returns>
    /// <exception cref="IOException">The new one cannot be kept; the old one goes on.</exception>
    public bool Step(ServerNames names, DateTimeOffset now)
    {
        var wanted = Permitted(names);

        // Nothing under an authority outlives it: the last one runs to its end.
        var isGood = Server is { } server && Holds(server, now) && wanted.Without(Tls.Authority.NamesOf(server)).IsEmpty
            && (server.NotAfter - RenewedBefore > now || server.NotAfter >= Authority.NotAfter);
        if (isGood || !Holds(Authority, now))
        {
            return false;
        }

        var from = fromTheBeginning || now.AddDays(-1) < Authority.NotBefore ? Authority.NotBefore : now.AddDays(-1);
        var made = Tls.Authority.Issue(Authority, wanted, from, now + Length);
        KeyFile.Write(serverFile, made);
        Server = made;
        return true;
    }

    private ServerNames Permitted(ServerNames names) => NameConstraints.Of(Authority)?.Among(names) ?? names;

    private static bool Holds(X509Certificate2 certificate, DateTimeOffset now) => certificate.NotBefore <= now && certificate.NotAfter > now;

    private static X509Certificate2 Find(string folder, string whose, Func<X509Certificate2> make)
    {
        var path = Path.Combine(folder, whose + "-authority.pem");
        if (KeyFile.Read(path) is { } known)
        {
            return known;
        }

        var made = make();
        KeyFile.Write(path, made);
        return made;
    }

    // Unlike the authority's, a damaged one costs nobody's trust: the next one is as good.
    private X509Certificate2? Stored(string path)
    {
        try
        {
            return KeyFile.Read(path) is { } known && IsUnderAuthority(known) ? known : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    // The authority may have been made anew: its name is the same then.
    private bool IsUnderAuthority(X509Certificate2 server) =>
        server.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier is { } issuer
        && Authority.Extensions.OfType<X509SubjectKeyIdentifierExtension>().First().SubjectKeyIdentifierBytes.Span.SequenceEqual(issuer.Span);
}
