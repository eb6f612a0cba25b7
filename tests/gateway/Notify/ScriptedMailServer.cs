using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Quartier.Tests.Gateway.Notify;

/// <summary>A mail server that says what a test tells it to, right or wrong, to one client.</summary>
internal sealed class ScriptedMailServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, string?> answer;
    private readonly List<string> heard = [];
    private readonly Task conversation;

    /// <param name="answer">For each command, and for the whole of the data as "."; null says nothing for good.</param>
    /// <param name="behindStartTls">What is slipped in, in plain text, behind the answer to STARTTLS.</param>
    public ScriptedMailServer(Func<string, string?> answer, string greeting = "220 here\r\n", string behindStartTls = "")
    {
        this.answer = answer;
        listener.Start();
        conversation = Talk(greeting, behindStartTls);
    }

    public static X509Certificate2 Certificate { get; } = OwnCertificate();

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>When it said nothing for good.</summary>
    public TaskCompletionSource FellSilent { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The commands, cut behind their first word's argument; ended by the client's going.</summary>
    public async Task<IReadOnlyList<string>> Heard()
    {
        await conversation;
        return heard;
    }

    public void Dispose() => listener.Dispose();

    /// <summary>The ordinary answers; log-in by PLAIN.</summary>
    public static string Usual(string command) => command.Split(' ', ':')[0] switch
    {
        "EHLO" => "250-here\r\n250-STARTTLS\r\n250 AUTH CRAM-MD5 PLAIN LOGIN\r\n",
        "AUTH" => "235 come in\r\n",
        "DATA" => "354 go on\r\n",
        "QUIT" => "221 bye\r\n",
        _ => "250 fine\r\n",
    };

    private async Task Talk(string greeting, string behindStartTls)
    {
        using var client = await listener.AcceptTcpClientAsync();
        Stream stream = client.GetStream();
        try
        {
            await Say(stream, greeting);
            while (await Line(stream) is { } command)
            {
                heard.Add(string.Join(' ', command.Split(' ').Take(2)));
                if (command == "STARTTLS")
                {
                    await Say(stream, "220 go\r\n" + behindStartTls);
                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsServerAsync(Certificate);
                    stream = tls;
                }
                else if (answer(command) is not { } reply)
                {
                    FellSilent.SetResult();
                }
                else
                {
                    await Say(stream, reply);
                    if (reply.StartsWith("354", StringComparison.Ordinal))
                    {
                        await Data(stream);
                        await Say(stream, answer(".")!);
                    }
                }
            }
        }
        catch (Exception gone) when (gone is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client has heard enough.
            return;
        }
    }

    private static async Task Data(Stream stream)
    {
        while (await Line(stream) is { } line && line != ".")
        {
        }
    }

    private static async Task Say(Stream stream, string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text));

    private static async Task<string?> Line(Stream stream)
    {
        var (line, one) = (new StringBuilder(), new byte[1]);
        while (await stream.ReadAsync(one) == 1)
        {
            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }

        return null;
    }

    private static X509Certificate2 OwnCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var signed = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(signed.Export(X509ContentType.Pfx), null);
    }
}
