using NodaTime;
using Quartier.Gateway.Domain.Alerts;
using Quartier.Tests.Support;
using Xunit;

namespace Quartier.Tests.Gateway.Alerts;

public class AcknowledgeLinkTests
{
    private static readonly LinkKey Key = new(new Gen(1).Bytes(32));
    private static readonly Instant Expires = Instant.FromUtc(2026, 11, 22, 7, 0);

    [Fact]
    public void A_token_opens_to_its_number_and_expiry()
    {
        Assert.True(AcknowledgeLink.TryOpen(Key, AcknowledgeLink.Token(Key, 17, Expires), out var id, out var expires));
        Assert.Equal((17, Expires), (id, expires));
    }

    [Fact]
    public void No_changed_token_opens()
    {
        var token = AcknowledgeLink.Token(Key, 17, Expires);
        for (var i = 0; i < token.Length; i++)
        {
            var changed = token[..i] + (token[i] == '1' ? '2' : '1') + token[(i + 1)..];
            Assert.False(AcknowledgeLink.TryOpen(Key, changed, out _, out _), changed);
            Assert.False(AcknowledgeLink.TryOpen(Key, token[..i], out _, out _));
        }

        Assert.False(AcknowledgeLink.TryOpen(new LinkKey(new Gen(2).Bytes(32)), token, out _, out _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("1.2.3")]
    [InlineData("17.99999999999999999999.AAAA")]
    [InlineData("-1.5.AAAA")]
    [InlineData("17.1795330800.ÄÖÜ")]
    public void Any_text_is_answered(string? text) => Assert.False(AcknowledgeLink.TryOpen(Key, text, out _, out _));

    [Fact]
    public void A_payload_gets_its_addresses_only_while_it_leaves()
    {
        var payload = $"go {AcknowledgeLink.Placeholder(17, Expires)} or {AcknowledgeLink.PagePlaceholder("alerts/3")}.";
        var token = AcknowledgeLink.Token(Key, 17, Expires);
        Assert.DoesNotContain(token.Split('.')[2], payload);
        Assert.Equal($"go https://n.example/l/{token} or https://n.example/alerts/3.", AcknowledgeLink.Fill(Key, "https://n.example/", payload));
    }

    [Fact]
    public void The_key_is_made_once_and_for_the_owner_only()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        var made = LinkKey.LoadOrCreate(folder);
        Assert.Equal(made.Bytes, LinkKey.LoadOrCreate(folder).Bytes);
        Assert.Equal(32, made.Bytes.Distinct().Count() > 8 ? made.Bytes.Length : 0);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, LinkKey.FileName)));
        }
    }
}
