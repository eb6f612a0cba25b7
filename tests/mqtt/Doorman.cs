using System.Text;
using Quartier.Mqtt;

namespace Quartier.Tests.Mqtt;

/// <summary>Admits screens with the password "geheim" to their own topics, and nobody else.</summary>
public sealed class Doorman : IMqttAuthenticator
{
    public ValueTask<Admission> AdmitAsync(ConnectRequest request)
    {
        if (request.User is null)
        {
            return ValueTask.FromResult(Admission.Refuse(ConnectCode.NotAuthorized));
        }

        if (request.Password is null || Encoding.UTF8.GetString(request.Password) != "geheim")
        {
            return ValueTask.FromResult(Admission.Refuse(ConnectCode.BadUserNameOrPassword));
        }

        var own = $"quartier/v1/{request.User}/#";
        return ValueTask.FromResult(Admission.Admit(new ClientRights([own], [own])));
    }
}
