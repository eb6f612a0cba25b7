using System.Text;
using Quartier.Gateway.Domain.Registry;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Quartier.Mqtt;
using Quartier.Wire;

namespace Quartier.Gateway.Broker;

/// <summary>Admits registered screens and the network server by name and secret, each to its own topics.</summary>
public sealed class DeviceAuthenticator(Database database, GatewayOptions options) : IMqttAuthenticator
{
    private readonly string prefix = options.TopicPrefix.Length == 0 ? "" : options.TopicPrefix + "/";

    public ValueTask<Admission> AdmitAsync(ConnectRequest request) => ValueTask.FromResult(Admit(request));

    private Admission Admit(ConnectRequest request)
    {
        if (request.User is not { Length: > 0 } user || request.Password is not { Length: > 0 } password)
        {
            return Admission.Refuse(ConnectCode.BadUserNameOrPassword);
        }

        return database.Read(db => Credentials.Verify(db, user, Encoding.UTF8.GetString(password))) switch
        {
            MqttRights.Screen => Admission.Admit(ScreenRights(user)),
            MqttRights.NetworkServer => Admission.Admit(NetworkServerRights()),
            _ => Admission.Refuse(ConnectCode.BadUserNameOrPassword),
        };
    }

    private static ClientRights ScreenRights(string device)
    {
        string[] up = [ScreenTopics.Presence, ScreenTopics.Hello, ScreenTopics.Telemetry, ScreenTopics.Usage, ScreenTopics.Want];
        return new ClientRights(up.Select(leaf => ScreenTopics.Build(device, leaf)), [$"{ScreenTopics.Prefix}{device}/#"]);
    }

    private ClientRights NetworkServerRights() =>
        new([$"{prefix}application/+/device/+/event/+"], [$"{prefix}application/#"]);
}
