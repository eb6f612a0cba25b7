using System.Data.Common;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using NodaTime;
using Quartier.Gateway.Store.Outbox;

namespace Quartier.Gateway.Outputs.Notify;

/// <summary>A signed HTTP POST of a CloudEvent (<see cref="CloudEvent"/>, <see cref="WebhookSignature"/>). The payload is the
/// event's JSON; its id is the outbox key, which also stands, as <see cref="HeaderText"/>, in the header Idempotency-Key. Several channels of this kind may stand side by side (team, planning).</summary>
public sealed class WebhookChannel(
    string name,
    WebhookOptions options,
    HttpClient http,
    TimeProvider time,
    Func<string, string> fill,
    Func<DbConnection, OutboxMessage, Instant, string?>? renewed = null) : IDeliveryChannel
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(15);

    public string Name => name;

    /// <summary>A client that follows no redirect: the secret's signature goes to the configured address only.</summary>
    public static HttpClient Client() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };

    public async Task<SendResult> SendAsync(OutboxMessage message, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(TimeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        var filled = fill(message.Payload);
        var body = Encoding.UTF8.GetBytes(message.Sequence > 0 ? CloudEvent.WithSequence(filled, message.Sequence) : filled);
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(CloudEvent.MediaType, "utf-8");
        request.Headers.Add(WebhookSignature.HeaderName, WebhookSignature.Sign(options.Secret, body, Instant.FromDateTimeOffset(time.GetUtcNow())));
        request.Headers.Add("Idempotency-Key", HeaderText.Of(message.Key));
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return new SendResult(Judge(response.StatusCode), $"{(int)response.StatusCode} {response.ReasonPhrase}");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new SendResult(SendOutcome.Failed, $"{request.RequestUri!.Host}: no answer within {TimeLimit.TotalSeconds:0} s");
        }
        catch (HttpRequestException fault)
        {
            return new SendResult(SendOutcome.Failed, fault.Message);
        }
    }

    public string? Renewed(DbConnection connection, OutboxMessage dead, Instant now) => renewed?.Invoke(connection, dead, now);

    /// <summary>Only answers about the message itself are final; 401, 403, 404 and the like are settings that someone mends.</summary>
    public static SendOutcome Judge(HttpStatusCode code) => code switch
    {
        >= (HttpStatusCode)200 and < (HttpStatusCode)300 => SendOutcome.Accepted,
        HttpStatusCode.BadRequest or HttpStatusCode.Gone or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnsupportedMediaType
            or HttpStatusCode.UnprocessableEntity => SendOutcome.Refused,
        _ => SendOutcome.Failed,
    };
}
