using Quartier.Gateway.Broker;
using Quartier.Gateway.Host;
using Quartier.Gateway.Store;
using Xunit;

namespace Quartier.Tests.Gateway.Broker;

/// <summary>What an installation may say of an outside broker, and what it is told otherwise.</summary>
public sealed class OutsideOptionsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("quartier-brokers-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Several_are_read_by_name()
    {
        Write("""{ "Brokers": { "city": { "Host": "mqtt.example.org", "TopicPrefix": "eu868/", "KeepAliveSeconds": 20 }, "near": { "Host": "localhost", "Topics": ["application/7/#"] } } }""");
        Assert.Empty(OwnSettings.Faults(folder.FullName, GatewayOptions.Sections));
        var brokers = OutsideOptions.Read(folder.FullName);
        Assert.Equal(["city", "near"], brokers.Keys.Order());
        Assert.Equal(("mqtt.example.org:8883", true, "eu868/application/+/device/+/event/+"), (brokers["city"].ToString(), brokers["city"].IsSecure, brokers["city"].Subscriptions.Single()));
        Assert.Equal(("localhost:1883", false, "application/7/#"), (brokers["near"].ToString(), brokers["near"].IsSecure, brokers["near"].Subscriptions.Single()));
    }

    [Fact]
    public void None_is_none()
    {
        Write("{}");
        Assert.Empty(OutsideOptions.Read(folder.FullName));
    }

    [Theory]
    [InlineData("\"Big City\": { \"Host\": \"x\" }", "Brokers:Big City: a name has a-z, 0-9 and -")]
    [InlineData("\"city\": { }", "Brokers:city:Host is missing")]
    [InlineData("\"city\": { \"Host\": \"x\", \"Port\": 70000 }", "Brokers:city:Port must be from 1 to 65535")]
    [InlineData("\"city\": { \"Host\": \"x\", \"Port\": \"many\" }", "Brokers:city:Port")]
    [InlineData("\"city\": { \"Host\": \"x\", \"KeepAliveSeconds\": 0 }", "Brokers:city:KeepAliveSeconds must be from 1 to 3600")]
    [InlineData("\"city\": { \"Host\": \"x\", \"Password\": \"geheim\" }", "Brokers:city:User is missing")]
    [InlineData("\"city\": { \"Host\": \"x\", \"Tls\": false, \"CaFile\": \"y\" }", "Brokers:city: CaFile, ServerName and Certificate are for TLS")]
    [InlineData("\"city\": { \"Host\": \"x\", \"CertificateKey\": \"y\" }", "are for Certificate, which is missing")]
    [InlineData("\"city\": { \"Host\": \"x\", \"Topics\": [\"a/#/b\"] }", "Brokers:city: \"a/#/b\" is no topic filter")]
    public void What_cannot_be_used_is_said_at_the_start_and_no_password_with_it(string broker, string fault)
    {
        Write($$"""{ "Brokers": { {{broker}} } }""");
        var said = Assert.Throws<InvalidOperationException>(() => OutsideOptions.Read(folder.FullName)).Message;
        Assert.Contains(fault, said, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_misspelt_setting_is_named()
    {
        Write("""{ "Brokers": { "city": { "Host": "x", "Passwort": "geheim" } } }""");
        Assert.Equal("appsettings.json: there is no setting Brokers:city:Passwort. Did you mean Password?", Assert.Single(OwnSettings.Faults(folder.FullName, GatewayOptions.Sections)));
    }

    [Theory]
    [InlineData("mqtt.example.org", null, 0)]
    [InlineData("mqtt.example.org", false, 1)]
    [InlineData("127.0.0.1", false, 0)]
    public void A_password_in_the_clear_over_the_network_is_warned_of(string host, bool? tls, int warnings) =>
        Assert.Equal(warnings, new OutsideOptions { Host = host, Tls = tls, User = "u", Password = "p" }.Warnings("city").Count());

    [Fact]
    public void Printed_it_shows_no_secret() =>
        Assert.Equal("x:8883", $"{new OutsideOptions { Host = "x", User = "u", Password = "geheim", CertificatePassword = "geheim" }}");

    private void Write(string json) => File.WriteAllText(Path.Combine(folder.FullName, OwnSettings.FileName), json);
}
