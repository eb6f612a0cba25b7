using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Quartier.Gateway.Domain.Offers.Import;

/// <summary>
/// Fetches a feed over HTTP. Bounded in time, size and redirects, and closed against requests to the gateway's own network: every address
/// that is connected to, also after a redirect, is checked as it is used, so that a name cannot change between check and connection.
/// </summary>
/// <remarks>
/// Who types an address at the gateway's own command line may reach that address anyhow: there it is trusted, wherever it lies.
/// What it redirects to is not.
/// </remarks>
public sealed class FeedFetch : IDisposable
{
    private static readonly HttpRequestOptionsKey<bool> Trusted = new("quartier-trusted");

    public const int RedirectsMax = 3;

    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly HttpClient client;
    private readonly TimeSpan timeout;
    private readonly bool trustTyped;

    /// <param name="timeout">For all of it: redirects, head and content; null: 20 s.</param>
    public FeedFetch(bool allowPrivate, bool trustTyped = false, TimeSpan? timeout = null)
    {
        this.timeout = timeout ?? Timeout;
        this.trustTyped = trustTyped;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(8),
            MaxResponseHeadersLength = 64,
            ConnectCallback = (context, stop) => Connect(
                context.DnsEndPoint, allowPrivate || (context.InitialRequestMessage.Options.TryGetValue(Trusted, out var trusted) && trusted), stop),
        };
        client = new HttpClient(handler) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Quartier", "0.1"));
        client.DefaultRequestHeaders.Accept.ParseAdd("application/rss+xml, application/atom+xml, text/calendar, application/json;q=0.9, application/xml;q=0.8, */*;q=0.5");
    }

    /// <summary>The content, or a refusal with the address as its place.</summary>
    public async Task<(byte[]? Content, Uri Address, Refusal? Refusal)> Get(Uri typed, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(timeout);
        var address = typed;
        for (var hop = 0; hop <= RedirectsMax; hop++)
        {
            if (address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0)
            {
                return (null, address, Refusals.Unreachable(address.GetLeftPart(UriPartial.Path), "Nur http- und https-Adressen ohne Anmeldedaten.", "Only http and https addresses without credentials."));
            }

            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, address);
                request.Options.Set(Trusted, trustTyped && address.Authority == typed.Authority);
                using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
                if ((int)answer.StatusCode is >= 300 and < 400 && answer.Headers.Location is { } location)
                {
                    address = new Uri(address, location);
                    continue;
                }

                var (content, refusal) = await ContentOf(answer, address, limit.Token);
                return (content, address, refusal);
            }
            catch (HttpRequestException fault)
            {
                return (null, address, fault.InnerException is PrivateAddressException
                    ? Refusals.Unreachable(address.Host, "Die Adresse liegt im eigenen Netz; von dort wird nichts abgerufen (erlaubt mit --allow-private).", "The address lies in the gateway's own network; nothing is fetched from there (allowed with --allow-private).")
                    : Refusals.Unreachable(address.AbsoluteUri, "Die Quelle ist nicht erreichbar.", "The source cannot be reached."));
            }
            catch (IOException)
            {
                return (null, address, Refusals.Unreachable(address.AbsoluteUri, "Die Verbindung zur Quelle brach ab.", "The connection to the source broke off."));
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                return (null, address, Refusals.Unreachable(address.AbsoluteUri, "Die Quelle hat nicht in 20 Sekunden alles geliefert.", "The source did not deliver everything within 20 seconds."));
            }
        }

        return (null, address, Refusals.Unreachable(address.AbsoluteUri, "Zu viele Weiterleitungen.", "Too many redirects."));
    }

    private static async Task<(byte[]? Content, Refusal? Refusal)> ContentOf(HttpResponseMessage answer, Uri address, CancellationToken stop)
    {
        if (!answer.IsSuccessStatusCode)
        {
            var status = (int)answer.StatusCode;
            return (null, Refusals.Unreachable(address.AbsoluteUri, $"Die Quelle antwortet mit Fehler {status}.", $"The source answers with error {status}."));
        }

        var content = answer.Content.Headers.ContentLength > FeedBytes.LengthMax ? null : await ReadBounded(await answer.Content.ReadAsStreamAsync(stop), stop);
        return (content, content is null ? Refusals.TooLarge(FeedBytes.LengthMax) : null);
    }

    /// <summary>Null when there is more than the limit; never holds more than that.</summary>
    public static async Task<byte[]?> ReadBounded(Stream stream, CancellationToken stop)
    {
        var result = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await stream.ReadAsync(buffer, stop) is var read && read > 0)
        {
            result.Write(buffer, 0, read);
            if (result.Length > FeedBytes.LengthMax)
            {
                return null;
            }
        }

        return result.ToArray();
    }

    private static async ValueTask<Stream> Connect(DnsEndPoint target, bool allowPrivate, CancellationToken stop)
    {
        var addresses = await Dns.GetHostAddressesAsync(target.Host, stop);
        var allowed = allowPrivate ? addresses : addresses.Where(IsPublic).ToArray();
        if (allowed.Length == 0)
        {
            throw new PrivateAddressException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Not loopback, private, link-local, shared, multicast or otherwise reserved.</summary>
    public static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = plain.GetAddressBytes();
        if (plain.AddressFamily == AddressFamily.InterNetworkV6)
        {
            // Only global unicast, without the ranges that carry an IPv4 address inside (6to4, NAT64, Teredo).
            return bytes is [>= 0x20 and <= 0x3F, ..] and not [0x20, 0x02, ..] and not [0x20, 0x01, 0, 0, ..] and not [0x20, 0x01, 0x0D, 0xB8, ..];
        }

        return bytes switch
        {
            [0 or 10 or 127, ..] => false,
            [100, >= 64 and <= 127, ..] => false,
            [169, 254, ..] => false,
            [172, >= 16 and <= 31, ..] => false,
            [192, 168, ..] or [192, 0, 0, ..] or [192, 0, 2, ..] => false,
            [198, 18 or 19, ..] or [198, 51, 100, ..] or [203, 0, 113, ..] => false,
            [>= 224, ..] => false,
            _ => true,
        };
    }

    public void Dispose() => client.Dispose();

    private sealed class PrivateAddressException() : IOException("private address");
}
