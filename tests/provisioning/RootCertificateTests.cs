using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Quartier.Provision;
using Xunit;

namespace Quartier.Tests.Provisioning;

/// <summary>What may become a device's root; each refusal says which fault the file has.</summary>
public sealed class RootCertificateTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Fact]
    public void One_authority_is_taken_as_PEM_and_as_DER()
    {
        using var root = Make(_ => { });
        File.WriteAllText(file, "some words before\n" + root.ExportCertificatePem());
        Assert.Equal(root.RawData, RootCertificate.Read(file, Now));
        File.WriteAllBytes(file, root.RawData);
        Assert.Equal(root.RawData, RootCertificate.Read(file, Now));
    }

    [Fact]
    public void A_servers_certificate_is_no_root() => Refused("a server's certificate", Make(_ => { }, authority: false));

    [Fact]
    public void Critical_name_constraints_are_refused_because_the_device_refuses_them()
    {
        var constraints = new AsnWriter(AsnEncodingRules.DER);
        using (constraints.PushSequence())
        {
        }

        Refused("critical name constraints", Make(request => request.CertificateExtensions.Add(new X509Extension("2.5.29.30", constraints.Encode(), critical: true))));
    }

    [Fact]
    public void What_does_not_fit_the_device_is_refused_with_both_sizes() =>
        Refused("the device has room for 2048", Make(request => request.CertificateExtensions.Add(new X509Extension("1.2.3.4", new byte[2_000], critical: false))));

    [Fact]
    public void What_has_expired_or_is_not_valid_yet_is_refused_with_the_day()
    {
        Refused("has expired on 2026-11-27", Make(_ => { }, until: Now.AddDays(-1)));
        Refused("not valid before 2026-11-30", Make(_ => { }, from: Now.AddDays(2)));
    }

    [Fact]
    public void An_intermediate_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var root = Make(_ => { });
        var request = new CertificateRequest("CN=between", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Refused("an intermediate only", request.Create(root, Now.AddDays(-9), Now.AddDays(9), [7]));
    }

    private void Refused(string because, X509Certificate2 certificate)
    {
        using (certificate)
        {
            File.WriteAllBytes(file, certificate.RawData);
        }

        var problem = Assert.Throws<ProvisionProblem>(() => RootCertificate.Read(file, Now));
        Assert.Equal("root", problem.Step);
        Assert.Contains(because, problem.Reason, StringComparison.Ordinal);
    }

    private static X509Certificate2 Make(Action<CertificateRequest> more, bool authority = true, DateTimeOffset? from = null, DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=an authority of these tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority, false, 0, true));
        more(request);
        return request.CreateSelfSigned(from ?? Now.AddDays(-10), until ?? Now.AddDays(10));
    }
}
