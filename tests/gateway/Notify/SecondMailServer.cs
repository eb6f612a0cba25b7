using System.Buffers;
using System.Net;
using System.Text;
using System.Threading.Channels;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.ComponentModel;
using SmtpServer.Net;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace Quartier.Tests.Gateway.Notify;

/// <summary>What the second mail server received.</summary>
/// <param name="User">Who had logged in; empty for nobody.</param>
internal sealed record Received(string From, string To, string User, bool IsSecure, string Raw);

/// <summary>NuGet's SmtpServer: a second foreign peer beside npm's smtp-server.</summary>
internal sealed class SecondMailServer : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Intake intake = new();
    private readonly Task running;

    /// <param name="tls">It has a certificate.</param>
    /// <param name="isTlsFirst">It speaks TLS from the first byte.</param>
    public SecondMailServer(bool tls, bool isTlsFirst = false, bool needsLogIn = false)
    {
        var started = new EndpointListenerFactory();
        started.EndpointStarted += (_, endpoint) => Port = ((IPEndPoint)endpoint.LocalEndPoint).Port;
        var parts = new ServiceProvider();
        parts.Add(started);
        parts.Add(intake);
        parts.Add(new DelegatingUserAuthenticator((user, password) => (user, password) == ("nester", "pässwort")));
        parts.Add(new DelegatingMailboxFilter((to, _) => to.User != "nobody"));
        running = new SmtpServer.SmtpServer(
            new SmtpServerOptionsBuilder().ServerName("localhost").Endpoint(endpoint =>
            {
                endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, 0)).IsSecure(isTlsFirst).AuthenticationRequired(needsLogIn);
                if (tls)
                {
                    endpoint.Certificate(ScriptedMailServer.Certificate);
                }
            }).Build(),
            parts).StartAsync(stop.Token);
    }

    /// <summary>Known once it listens, which it does when it was made.</summary>
    public int Port { get; private set; }

    public ChannelReader<Received> Mails => intake.Mails.Reader;

    /// <summary>What it says to a letter's text.</summary>
    public SmtpResponse Answer
    {
        set => intake.Answer = value;
    }

    public void Dispose()
    {
        stop.Cancel();
        ((IAsyncResult)running).AsyncWaitHandle.WaitOne();
        stop.Dispose();
    }

    private sealed class Intake : MessageStore
    {
        public Channel<Received> Mails { get; } = Channel.CreateUnbounded<Received>();

        public SmtpResponse Answer { get; set; } = SmtpResponse.Ok;

        public override Task<SmtpResponse> SaveAsync(
            ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            var to = string.Join(',', transaction.To.Select(box => $"{box.User}@{box.Host}"));
            Mails.Writer.TryWrite(new Received(
                $"{transaction.From.User}@{transaction.From.Host}", to, context.Authentication.User ?? "", context.Pipe.IsSecure, Encoding.Latin1.GetString(buffer.ToArray())));
            return Task.FromResult(Answer);
        }
    }
}
