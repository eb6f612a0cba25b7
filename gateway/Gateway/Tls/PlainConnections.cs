using System.Net;
using Microsoft.AspNetCore.Connections;
using Quartier.Gateway.Pages;
using Quartier.Gateway.Store;

namespace Quartier.Gateway.Tls;

/// <summary>Whether connections without TLS are taken from other machines. On the loopback they always are.</summary>
public sealed class PlainConnections : IDisposable
{
    private readonly string asBefore;
    private readonly CancellationTokenSource ended = new();
    private int open;

    /// <param name="folder">Of the gateway's own keys. It is made at the first start of a version that speaks TLS, and that start alone can tell
    /// an installation that ran without.</param>
    /// <param name="ranBefore">This data folder has served before.</param>
    /// <param name="offLoopback">Other machines reach this gateway.</param>
    /// <param name="insecure">The start says so.</param>
    public PlainConnections(string folder, bool ranBefore, bool offLoopback, bool insecure)
    {
        asBefore = Path.Combine(folder, "plain-as-before");
        if (!Directory.Exists(folder))
        {
            OwnerOnly.MakeFolder(folder);
            if (ranBefore && offLoopback)
            {
                OwnerOnly.Touch(asBefore);
            }
        }

        IsInsecure = insecure && offLoopback;
        IsAsBefore = offLoopback && File.Exists(asBefore);
    }

    /// <summary>The start said --insecure.</summary>
    public bool IsInsecure { get; }

    /// <summary>This installation ran without TLS before there was any, and nobody has ended that yet.</summary>
    public bool IsAsBefore { get; private set; }

    public bool AreTaken => IsInsecure || IsAsBefore;

    /// <param name="screens">In service and not known to speak TLS; asked only while it is said.</param>
    /// <returns>Null while none is taken.</returns>
    public Banner? Banner(Func<int> screens)
    {
        if (!AreTaken)
        {
            return null;
        }

        var (german, english) = IsInsecure ? ("Es ist mit --insecure gestartet.", "It was started with --insecure.") : screens() switch
        {
            0 => ("Die Verwaltung stellt das ab; alle Bildschirme sprechen TLS.", "An administrator ends that; all screens speak TLS."),
            1 => ("Die Verwaltung stellt das ab; ein Bildschirm spricht noch ohne TLS.", "An administrator ends that; one screen still speaks without TLS."),
            var many => ($"Die Verwaltung stellt das ab; {many} Bildschirme sprechen noch ohne TLS.", $"An administrator ends that; {many} screens still speak without TLS."),
        };
        return new Banner(
            "Dieses Gateway nimmt von anderen Rechnern Verbindungen ohne Verschlüsselung an: wer im Netz mithört, liest Passwörter und Meldungen. " + german,
            "This gateway takes connections from other machines without encryption: whoever listens on the network reads passwords and reports. " + english,
            new MenuLink("/connections", "Verbindungen", "Connections"));
    }

    /// <summary>Connections from other machines without TLS that are open now.</summary>
    public int Open => Volatile.Read(ref open);

    /// <summary>From now on, and after every restart, none is taken any more; those that are open end.</summary>
    public void End()
    {
        File.Delete(asBefore);
        IsAsBefore = false;
        if (!AreTaken)
        {
            ended.Cancel();
        }
    }

    public void Dispose() => ended.Dispose();

    /// <summary>Stands before a port without TLS.</summary>
    internal ConnectionDelegate Watch(ConnectionDelegate next) => connection =>
        connection.RemoteEndPoint is IPEndPoint { Address: var from } && IPAddress.IsLoopback(from) ? next(connection) : FromOutside(connection, next);

    private async Task FromOutside(ConnectionContext connection, ConnectionDelegate next)
    {
        Interlocked.Increment(ref open);
        try
        {
            await using var cut = ended.Token.Register(() => connection.Abort(new ConnectionAbortedException("connections without TLS have ended")));
            if (AreTaken)
            {
                await next(connection);
            }
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
    }
}
