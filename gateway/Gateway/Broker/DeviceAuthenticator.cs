using System.Data.Common;
using System.Net;
using System.Text;
using NodaTime;
using NodaTime.Extensions;
using Quartier.Gateway.Domain.Accounts;
using Quartier.Gateway.Domain.Audit;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Ingest;
using Quartier.Gateway.Store;
using Quartier.Mqtt;
using Quartier.Wire;

namespace Quartier.Gateway.Broker;

/// <summary>Admits registered screens and the network server by name and secret, each to its own topics. A screen's
/// client id is its name, and nobody else's. Secrets are 128 bits of
/// chance, so a right one always passes: nobody behind one address is kept out by a neighbour. Wrong ones are answered later and
/// later; the connection waits, no thread does.</summary>
public sealed class DeviceAuthenticator(Database database, PipelineOptions pipeline, TimeProvider time) : IMqttAuthenticator
{
    /// <summary>Refusals that wait for their answer at once; a further one is answered as it comes, and closed.</summary>
    private const int HeldBackMax = 256;

    private static readonly Duration HeldBackFor = Duration.FromSeconds(8);
    private static readonly Duration NotedEvery = Duration.FromMinutes(1);

    private readonly string prefix = pipeline.TopicPrefix.Length == 0 ? "" : pipeline.TopicPrefix + "/";
    private readonly AddressGuard guard = new();
    private readonly Lock sync = new();
    private Instant noted = Instant.MinValue;
    private int heldBack;

    public async ValueTask<Admission> AdmitAsync(ConnectRequest request)
    {
        var admission = Admit(request);
        if (admission.Code == ConnectCode.Accepted)
        {
            await NoteLivenessAsync(request);
            await NoteTransportAsync(request);
            return admission;
        }

        if (admission.Code == ConnectCode.IdentifierRejected)
        {
            // The secret was right: nobody is guessing.
            return admission;
        }

        var now = time.GetUtcNow().ToInstant();
        var address = LogInGuard.KeyOf((request.From as IPEndPoint)?.Address);
        var wait = Duration.Min(guard.Fail(address, now), HeldBackFor);
        if (wait > Duration.Zero)
        {
            await NoteAsync(request.User ?? "", address, now);
            await HoldBackAsync(wait);
        }

        return admission;
    }

    private Admission Admit(ConnectRequest request)
    {
        if (request.User is not { Length: > 0 } user)
        {
            return Admission.Refuse(ConnectCode.BadUserNameOrPassword);
        }

        if (request.Password is not { Length: > 0 } password)
        {
            return AdmitCertified(request, user);
        }

        // The seal first: should the secret change in between, the log-in hangs on the old one and is ended.
        return database.Read(db => (Credentials.Seal(db, user), Credentials.Verify(db, user, Encoding.UTF8.GetString(password)))) switch
        {
            (_, null) => Admission.Refuse(ConnectCode.BadUserNameOrPassword),
            (var seal, MqttRights.Screen) when request.ClientId == user => Admission.Admit(ScreenRights(user), seal),
            (var seal, MqttRights.NetworkServer) when !IsSomebodyElses(request.ClientId, user) => Admission.Admit(NetworkServerRights(), seal),
            _ => Admission.Refuse(ConnectCode.IdentifierRejected),
        };
    }

    /// <summary>A network server's certificate stands for its secret. A screen has a secret only.</summary>
    private Admission AdmitCertified(ConnectRequest request, string user) =>
        request.CertifiedName == user && database.Read(db => (Credentials.Seal(db, user), Credentials.RightsOf(db, user))) is (var seal, MqttRights.NetworkServer) && !IsSomebodyElses(request.ClientId, user)
            ? Admission.Admit(NetworkServerRights(), seal)
            : Admission.Refuse(ConnectCode.BadUserNameOrPassword);

    /// <summary>A name at the broker or of a device, in service or not, is that one's client id and nobody else's.</summary>
    private bool IsSomebodyElses(string clientId, string user) =>
        clientId != user && database.Read(db => Credentials.RightsOf(db, clientId) is not null || RegistryTable.Find(db, clientId) is not null);

    // Once for each device of an older data folder; devices that are registered now have their key from the beginning.
    private async Task NoteLivenessAsync(ConnectRequest request)
    {
        if (request is { User: { } user, Password: { } password } && database.Read(db => Credentials.RightsOf(db, user) == MqttRights.Screen && Credentials.LivenessKey(db, user) is null))
        {
            await database.WriteAsync(db => Credentials.NoteLivenessKey(db, user, Encoding.UTF8.GetString(password)));
        }
    }

    // Written when it changes only: screens come back by the hundred after a restart. A store that takes nothing keeps no screen out.
    private async Task NoteTransportAsync(ConnectRequest request)
    {
        if (request.User is { } user && database.Read(db => Credentials.RightsOf(db, user) == MqttRights.Screen && ScreenTransports.Find(db, user)?.IsEncrypted != request.IsEncrypted))
        {
            try
            {
                await database.WriteAsync(db => ScreenTransports.NoteLogIn(db, user, request.IsEncrypted, time.GetUtcNow().ToInstant()));
            }
            catch (DbException)
            {
                // The store's own watch tells of it; the next log-in notes it.
            }
        }
    }

    private async Task HoldBackAsync(Duration wait)
    {
        if (Interlocked.Increment(ref heldBack) <= HeldBackMax)
        {
            // Goes on where the timer fires, which in virtual time is the world's own thread.
            var over = new TaskCompletionSource();
            await using var timer = time.CreateTimer(_ => over.TrySetResult(), null, wait.ToTimeSpan(), Timeout.InfiniteTimeSpan);
            await over.Task.ConfigureAwait(false);
        }

        Interlocked.Decrement(ref heldBack);
    }

    // One row a minute tells of an attack as well as a thousand do, and cannot fill the disk.
    private async Task NoteAsync(string user, string address, Instant now)
    {
        lock (sync)
        {
            if (noted <= now && now - noted < NotedEvery)
            {
                return;
            }

            noted = now;
        }

        await database.WriteAsync(db => AuditTable.Add(db, now, "", "broker.log-in-refused", AccountRules.NameForAudit(user), address));
    }

    private static ClientRights ScreenRights(string device)
    {
        string[] up = [ScreenTopics.Presence, ScreenTopics.Hello, ScreenTopics.Telemetry, ScreenTopics.Usage, ScreenTopics.Want, ScreenTopics.Transport];
        return new ClientRights(up.Select(leaf => ScreenTopics.Build(device, leaf)), [$"{ScreenTopics.Prefix}{device}/#"]);
    }

    private ClientRights NetworkServerRights() =>
        new([$"{prefix}application/+/device/+/event/+"], [$"{prefix}application/#"]);
}
