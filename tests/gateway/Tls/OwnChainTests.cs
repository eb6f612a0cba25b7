using System.Net;
using System.Security.Cryptography.X509Certificates;
using NodaTime;
using NodaTime.Extensions;
using Quartier.Gateway.Tls;
using Xunit;

namespace Quartier.Tests.Gateway.Tls;

/// <summary>The gateway's own authorities, judged by openssl.</summary>
public sealed class OwnChainTests : IDisposable
{
    private static readonly DateTimeOffset Day = new(2026, 11, 29, 3, 0, 0, TimeSpan.Zero);
    private static readonly ServerNames Names = new(["gateway", "localhost", "nester.example"], [IPAddress.Loopback, IPAddress.Parse("198.51.100.7")]);

    private readonly string folder = Directory.CreateTempSubdirectory("quartier-tls-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Each_chain_holds_for_the_gateways_names_and_addresses()
    {
        foreach (var chain in Both(Names, Day))
        {
            var (authority, server) = Files(chain);
            foreach (var name in Names.Hosts)
            {
                Assert.Equal((0, name), ((await OpenSsl.Verify(server, authority, Day, "-verify_hostname", name)).Code, name));
            }

            Assert.Equal(0, (await OpenSsl.Verify(server, authority, Day, "-verify_ip", "198.51.100.7")).Code);
            Assert.NotEqual(0, (await OpenSsl.Verify(server, authority, Day, "-verify_hostname", "bank.example")).Code);
        }
    }

    [Theory]
    [InlineData("bank.example", "198.51.100.7")]
    [InlineData("evilnester.example", "198.51.100.7")]
    [InlineData("gateway", "198.51.100.8")]
    public async Task Whoever_steals_the_browsers_authority_passes_for_no_other_name_or_address(string host, string address)
    {
        var (browsers, devices) = (Both(Names, Day)[0], Both(Names, Day)[1]);
        var other = new ServerNames([host], [IPAddress.Parse(address)]);
        var stolen = Write("stolen.pem", Authority.Issue(browsers.Authority, other, Day, Day.AddDays(9)));
        var (code, said) = await OpenSsl.Verify(stolen, Files(browsers).Authority, Day);
        Assert.NotEqual(0, code);
        Assert.Contains("permitted subtree violation", said, StringComparison.Ordinal);

        // The devices' authority has no constraint: their library would refuse it.
        var unconstrained = Write("unconstrained.pem", Authority.Issue(devices.Authority, other, Day, Day.AddDays(9)));
        Assert.Equal(0, (await OpenSsl.Verify(unconstrained, Files(devices).Authority, Day)).Code);
    }

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("192.168.178.20")]
    [InlineData("fd00::17")]
    public async Task An_address_inside_the_house_that_the_router_gives_later_holds(string address)
    {
        var later = Names with { Addresses = [IPAddress.Parse(address)] };
        var browsers = Both(Names, Day)[0];
        Assert.True(browsers.Step(later, Day));
        Assert.Equal(0, (await OpenSsl.Verify(Files(browsers).Server, Files(browsers).Authority, Day, "-verify_ip", address)).Code);
        Assert.True(browsers.Refused(later).IsEmpty);
    }

    [Fact]
    public void A_name_that_the_authority_may_not_vouch_for_is_told_and_spoils_no_certificate()
    {
        var browsers = Both(Names, Day)[0];
        var more = Names with { Hosts = [.. Names.Hosts, "new.example", "under.nester.example"] };
        Assert.Equal("new.example", browsers.Refused(more).ToString());
        Assert.True(browsers.Step(more, Day));
        Assert.Equal([.. Names.Hosts, "under.nester.example"], Authority.NamesOf(browsers.Server!).Hosts);
    }

    [Fact]
    public void A_device_can_hold_the_root_and_has_no_reason_to_refuse_it()
    {
        var root = Both(Names, Day)[1].Authority;
        Assert.InRange(root.RawData.Length, 1, Quartier.Wire.DeviceIdentity.RootBytesMax);
        Assert.Equal(root.SubjectName.RawData, root.IssuerName.RawData);
        Assert.Contains(root.Extensions.OfType<X509BasicConstraintsExtension>(), constraints => constraints is { CertificateAuthority: true, Critical: true });
        Assert.DoesNotContain(root.Extensions, extension => extension.Oid!.Value == "2.5.29.30");
    }

    [Fact]
    public async Task A_certificate_is_made_anew_sixty_days_before_its_end_under_the_same_authority()
    {
        foreach (var chain in Both(Names, Day))
        {
            var first = chain.Server!.Thumbprint;
            var due = new DateTimeOffset(chain.Server.NotAfter) - OwnChain.RenewedBefore;
            Assert.False(chain.Step(Names, due.AddSeconds(-1)));
            Assert.True(chain.Step(Names, due));
            Assert.NotEqual(first, chain.Server.Thumbprint);
            var (authority, server) = Files(chain);
            Assert.Equal(0, (await OpenSsl.Verify(server, authority, due.AddDays(300), "-verify_hostname", "gateway")).Code);
            Assert.NotEqual(0, (await OpenSsl.Verify(server, authority, due.AddDays(366), "-verify_hostname", "gateway")).Code);
        }
    }

    /// <summary>A first start under a clock that is a year ahead, until somebody sets it right.</summary>
    [Fact]
    public async Task An_authority_made_under_a_clock_that_was_ahead_holds_when_the_clock_is_right_again()
    {
        Both(Names, Day.AddYears(1));
        foreach (var chain in Both(Names, Day))
        {
            var (authority, server) = Files(chain);
            Assert.Equal(0, (await OpenSsl.Verify(server, authority, Day, "-verify_hostname", "gateway")).Code);
        }
    }

    /// <summary>Further off nothing helps but a new authority; that is said and not left to each browser.</summary>
    [Fact]
    public void What_holds_not_yet_is_a_fault()
    {
        var certificates = new Certificates(folder, () => Names, null, Day.AddYears(9));
        Assert.Null(certificates.Fault(InstantOf(Day.AddYears(9))));
        certificates.Step(Day);
        Assert.Contains("holds from", certificates.Fault(InstantOf(Day))!.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_without_the_time_takes_a_renewed_certificate_too()
    {
        // After a restart its clock stands at the moment it was given the root.
        var devices = Both(Names, Day)[1];
        Assert.True(devices.Step(Names, Day.AddYears(3)));
        Assert.Equal(0, (await OpenSsl.Verify(Files(devices).Server, Files(devices).Authority, Day.AddMinutes(5), "-verify_hostname", "gateway")).Code);
    }

    [Fact]
    public void The_last_certificate_runs_to_its_authoritys_end_and_nothing_outlives_it()
    {
        var browsers = Both(Names, Day)[0];
        var end = new DateTimeOffset(browsers.Authority.NotAfter);
        Assert.True(browsers.Step(Names, end.AddDays(-10)));
        Assert.Equal(browsers.Authority.NotAfter, browsers.Server!.NotAfter);
        Assert.False(browsers.Step(Names, end.AddDays(-9)));
        Assert.False(browsers.Step(Names, end.AddDays(1)));
    }

    [Fact]
    public void A_restart_shows_what_was_shown_before_and_the_keys_are_their_owners_alone()
    {
        var first = Both(Names, Day).ConvertAll(chain => (chain.Authority.Thumbprint, chain.Server!.Thumbprint));
        Assert.Equal(first, Both(Names, Day.AddDays(9)).ConvertAll(chain => (chain.Authority.Thumbprint, chain.Server!.Thumbprint)));
        Assert.Equal(4, Directory.GetFiles(folder).Length);
        if (!OperatingSystem.IsWindows())
        {
            foreach (var file in Directory.GetFiles(folder))
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }
        }
    }

    [Fact]
    public void A_damaged_authority_is_never_replaced_by_itself_and_a_damaged_certificate_is()
    {
        Both(Names, Day);
        var (authority, server) = (Path.Combine(folder, "devices-authority.pem"), Path.Combine(folder, "devices-server.pem"));
        File.WriteAllText(server, "-----BEGIN CERTIFICATE-----\nnothing");
        Assert.True(OwnChain.ForDevices(folder, Day).Step(Names, Day));
        File.WriteAllText(authority, "");
        Assert.Contains("devices-authority.pem", Assert.Throws<IOException>(() => OwnChain.ForDevices(folder, Day)).Message, StringComparison.Ordinal);
        Assert.Equal("", File.ReadAllText(authority));
    }

    [Fact]
    public void Under_a_new_authority_the_old_certificate_is_not_shown_any_more()
    {
        var before = Both(Names, Day)[1].Server!.Thumbprint;
        File.Delete(Path.Combine(folder, "devices-authority.pem"));
        Assert.NotEqual(before, Both(Names, Day)[1].Server!.Thumbprint);
    }

    private static Instant InstantOf(DateTimeOffset moment) => moment.ToInstant();

    private List<OwnChain> Both(ServerNames names, DateTimeOffset now)
    {
        List<OwnChain> both = [OwnChain.ForBrowsers(folder, names, now), OwnChain.ForDevices(folder, now)];
        both.ForEach(chain => chain.Step(names, now));
        return both;
    }

    private (string Authority, string Server) Files(OwnChain chain) => (Write($"{chain.Authority.Thumbprint}.pem", chain.Authority), Write($"{chain.Server!.Thumbprint}.pem", chain.Server));

    private string Write(string name, X509Certificate2 certificate)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "shown")).FullName, name);
        File.WriteAllText(path, certificate.ExportCertificatePem());
        return path;
    }
}
