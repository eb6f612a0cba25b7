using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Quartier.Device;
using Quartier.Kiosk.Esp32;
using Quartier.Provisioning;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Device;

/// <summary>The way of a root from the identity's file into the store that the platform's TLS reads.</summary>
public sealed class CertificateStoreTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("quartier-root").FullName + Path.DirectorySeparatorChar;
    private readonly FileFlash flash;
    private TrustPlatform platform = new();

    public CertificateStoreTests() => flash = new FileFlash(folder, FileFlash.PartitionOf16Mb);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_root_of_the_identity_is_trusted_from_the_next_restart_on_and_put_there_once()
    {
        var root = Root("first");
        var identity = Keep(root);
        Assert.True(TrustedRoot.Install(flash, new CertificateStore(), identity));
        platform = platform.Boot();
        Assert.Equal(root, platform.Trusted());
        Assert.False(TrustedRoot.Install(flash, new CertificateStore(), identity));
        Assert.Equal(root, platform.Trusted());
    }

    [Fact]
    public void Another_root_takes_its_place()
    {
        TrustedRoot.Install(flash, new CertificateStore(), Keep(Root("first")));
        platform = platform.Boot();
        var second = Root("second");
        Assert.True(TrustedRoot.Install(flash, new CertificateStore(), Keep(second)));
        platform = platform.Boot();
        Assert.Equal(second, platform.Trusted());
    }

    [Fact]
    public void A_store_that_does_not_take_it_is_tried_again_at_the_next_start_and_never_restarts_the_board()
    {
        var root = Root("first");
        var identity = Keep(root);
        platform.Refuses = true;
        Assert.False(TrustedRoot.Install(flash, new CertificateStore(), identity));
        platform = platform.Boot();
        Assert.True(TrustedRoot.Install(flash, new CertificateStore(), identity));
        platform = platform.Boot();
        Assert.Equal(root, platform.Trusted());
    }

    [Fact]
    public void Without_a_root_the_store_is_left_alone()
    {
        Assert.False(TrustedRoot.Install(flash, new CertificateStore(), new DeviceIdentity()));
        Assert.Equal(0, platform.Writes);
    }

    private DeviceIdentity Keep(byte[] root)
    {
        Assert.True(new RootFile(flash).Save(root, []));
        return new DeviceIdentity { MqttTls = true, RootDigest = SHA256.HashData(root) };
    }

    private static byte[] Root(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(90));
        return root.RawData;
    }
}
