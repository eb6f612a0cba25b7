using System.Net;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NodaTime;
using NodaTime.Extensions;
using Quartier.Gateway.Tls;
using Xunit;

namespace Quartier.Tests.Gateway.Tls;

/// <summary>A certificate that the operator brings, as openssl makes it.</summary>
public sealed class OutsideCertificateTests : IDisposable
{
    /// <summary>openssl's certificates begin when they are made.</summary>
    private readonly DateTimeOffset now = TimeProvider.System.GetUtcNow().AddMinutes(10);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("quartier-outside-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("rsa:2048", "")]
    [InlineData("ec -pkeyopt ec_paramgen_curve:P-384", "")]
    [InlineData("rsa:2048", "geheim")]
    public async Task PEM_and_PFX_from_openssl_are_taken(string key, string password)
    {
        await Make("one", key, 90);
        Assert.Equal(0, (await OpenSsl.Run("", "pkcs12", "-export", "-in", At("one.pem"), "-inkey", At("one.key"), "-out", At("one.pfx"), "-passout", "pass:" + password)).Code);
        foreach (var certificate in new[] { new OutsideCertificate(At("one.pem"), At("one.key"), null), new OutsideCertificate(At("one.pfx"), null, password) })
        {
            Assert.True(certificate.Step(now));
            Assert.Null(certificate.Refusal);
            Assert.True(certificate.Server!.HasPrivateKey);
            Assert.Equal("CN=one", certificate.Server.Subject);
            Assert.False(certificate.Step(now));
        }
    }

    [Fact]
    public async Task A_changed_file_is_taken_and_a_broken_one_is_refused_while_the_old_goes_on()
    {
        await Make("one", "rsa:2048", 90);
        await Make("two", "rsa:2048", 90);
        var certificate = new OutsideCertificate(At("one.pem"), At("one.key"), null);
        certificate.Step(now);

        // Half of the change: the certificate is there before its key.
        File.Copy(At("two.pem"), At("one.pem"), overwrite: true);
        Assert.True(certificate.Step(now));
        Assert.NotNull(certificate.Refusal);
        Assert.Equal("CN=one", certificate.Server!.Subject);
        Assert.False(certificate.Step(now));

        File.Copy(At("two.key"), At("one.key"), overwrite: true);
        Assert.True(certificate.Step(now));
        Assert.Equal((null, "CN=two"), (certificate.Refusal, certificate.Server.Subject));

        foreach (var broken in new Action[] { () => File.WriteAllText(At("one.pem"), "oops"), () => File.Delete(At("one.pem")) })
        {
            broken();
            Assert.True(certificate.Step(now));
            Assert.StartsWith(At("one.pem"), certificate.Refusal, StringComparison.Ordinal);
            Assert.Equal("CN=two", certificate.Server.Subject);
        }
    }

    [Fact]
    public async Task What_has_run_out_or_holds_not_yet_is_refused_with_its_days()
    {
        await Make("one", "rsa:2048", 90);
        foreach (var moment in new[] { now.AddDays(91), now.AddDays(-1) })
        {
            var certificate = new OutsideCertificate(At("one.pem"), At("one.key"), null);
            certificate.Step(moment);
            Assert.Contains("it is valid from", certificate.Refusal, StringComparison.Ordinal);
            Assert.Null(certificate.Server);
        }
    }

    [Fact]
    public async Task Its_end_is_told_thirty_days_ahead_and_our_own_which_renews_is_not()
    {
        await Make("one", "rsa:2048", 90);
        var outside = Open(new OutsideCertificate(At("one.pem"), At("one.key"), null));
        Assert.Null(outside.Fault(InstantOf(now.AddDays(59))));
        var fault = outside.Fault(InstantOf(now.AddDays(61)))!;
        Assert.Equal("certificate", fault.Name);
        Assert.Contains("Das Zertifikat der Seiten gilt nur bis", fault.German, StringComparison.Ordinal);

        var own = Open(null);
        own.Step(now.AddDays(340));
        Assert.Null(own.Fault(InstantOf(now.AddDays(340))));

        // It could not be renewed, for whatever reason.
        Assert.Contains("konnte nicht erneuert werden", own.Fault(InstantOf(now.AddDays(680)))!.German, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_file_is_a_fault_with_its_reason_until_a_good_one_lies_there()
    {
        await Make("one", "rsa:2048", 90);
        var good = File.ReadAllText(At("one.pem"));
        var certificates = Open(new OutsideCertificate(At("one.pem"), At("one.key"), null));
        File.WriteAllText(At("one.pem"), "oops");
        Assert.Contains("was not taken", Assert.Single(certificates.Step(now)), StringComparison.Ordinal);
        Assert.Empty(certificates.Step(now));
        Assert.Contains(At("one.pem"), certificates.Fault(InstantOf(now))!.German, StringComparison.Ordinal);
        File.WriteAllText(At("one.pem"), good);
        certificates.Step(now);
        Assert.Null(certificates.Fault(InstantOf(now)));
    }

    /// <summary>What many forget at first: phones then know no way from the server's certificate to their root.</summary>
    [Fact]
    public async Task A_certificate_between_that_is_added_later_is_shown()
    {
        await MakeUnderAnother();
        File.Copy(At("server.pem"), At("one.pem"));
        var certificates = Open(new OutsideCertificate(At("one.pem"), At("server.key"), null));
        Assert.Empty(certificates.ForPages().ServerCertificateContext!.IntermediateCertificates);
        File.AppendAllText(At("one.pem"), File.ReadAllText(At("between.pem")));
        Assert.Single(certificates.Step(now));
        Assert.Single(certificates.ForPages().ServerCertificateContext!.IntermediateCertificates);
        var shown = certificates.ForPages();
        Assert.Empty(certificates.Step(now));
        Assert.Same(shown, certificates.ForPages());
    }

    /// <summary>The loop over it belongs to a host that ends with it, alarms and all.</summary>
    [Theory]
    [InlineData(typeof(NetworkInformationException))]
    [InlineData(typeof(CryptographicException))]
    public void Whatever_fails_in_looking_after_certificates_is_said_once_and_ends_nothing(Type kind)
    {
        Exception? fails = null;
        var certificates = new Certificates(At("tls"), () => fails is null ? new(["localhost"], [IPAddress.Loopback]) : throw fails, null, now);
        var shown = certificates.ForPages();
        fails = (Exception)Activator.CreateInstance(kind)!;
        Assert.Contains(fails.Message, Assert.Single(certificates.Step(now)), StringComparison.Ordinal);
        Assert.Empty(certificates.Step(now));
        Assert.Same(shown, certificates.ForPages());
    }

    [Fact]
    public void A_start_with_a_file_that_cannot_be_used_says_why() =>
        Assert.Contains(At("none.pem"), Assert.Throws<IOException>(() => Open(new OutsideCertificate(At("none.pem"), null, null))).Message, StringComparison.Ordinal);

    private Certificates Open(OutsideCertificate? outside) => new(At("tls"), () => new(["localhost"], [IPAddress.Loopback]), outside, now);

    private string At(string name) => Path.Combine(folder.FullName, name);

    private static Instant InstantOf(DateTimeOffset moment) => moment.ToInstant();

    /// <summary>server.pem and server.key under between.pem under a root.</summary>
    private async Task MakeUnderAnother()
    {
        string[] root = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "90", "-subj", "/CN=root", "-keyout", At("root.key"), "-out", At("root.pem")];
        string[] between = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "90", "-subj", "/CN=between", "-CA", At("root.pem"), "-CAkey", At("root.key"), "-keyout", At("between.key"), "-out", At("between.pem")];
        string[] server = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "90", "-subj", "/CN=server", "-CA", At("between.pem"), "-CAkey", At("between.key"), "-addext", "basicConstraints=critical,CA:FALSE", "-keyout", At("server.key"), "-out", At("server.pem")];
        foreach (var made in new[] { root, between, server })
        {
            var (code, said) = await OpenSsl.Run("", made);
            Assert.True(code == 0, said);
        }
    }

    private async Task Make(string name, string key, int days)
    {
        string[] kind = ["-newkey", .. key.Split(' ')];
        var (code, said) = await OpenSsl.Run("", ["req", "-x509", .. kind, "-nodes", "-days", $"{days}", "-subj", $"/CN={name}", "-addext", "subjectAltName=DNS:localhost", "-keyout", At(name + ".key"), "-out", At(name + ".pem")]);
        Assert.True(code == 0, said);
    }
}
