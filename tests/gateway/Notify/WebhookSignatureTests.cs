using System.Security.Cryptography;
using System.Text;
using NodaTime;
using Quartier.Gateway.Outputs.Notify;
using Xunit;

namespace Quartier.Tests.Gateway.Notify;

public class WebhookSignatureTests
{
    private const string Secret = "a secret of the two";
    private static readonly Instant Now = Instant.FromUnixTimeSeconds(1_800_000_000);
    private static readonly Duration Tolerance = Duration.FromMinutes(5);
    private static readonly byte[] Body = "{\"id\":\"1\"}"u8.ToArray();

    [Fact]
    public void The_header_is_what_any_other_hmac_makes_of_it()
    {
        // The recipe of docs/street-work.md, written down a second time.
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes("1800000000.{\"id\":\"1\"}"));
        Assert.Equal($"t=1800000000,v1={Convert.ToHexString(mac).ToLowerInvariant()}", WebhookSignature.Sign(Secret, Body, Now));
    }

    [Fact]
    public void Only_the_untouched_and_recent_request_verifies()
    {
        var header = WebhookSignature.Sign(Secret, Body, Now);
        Assert.True(WebhookSignature.Verify(Secret, header, Body, Now + Duration.FromMinutes(4), Tolerance));
        Assert.False(WebhookSignature.Verify(Secret, header, Body, Now + Duration.FromMinutes(6), Tolerance));
        Assert.False(WebhookSignature.Verify(Secret, header, Body, Now - Duration.FromMinutes(6), Tolerance));
        Assert.False(WebhookSignature.Verify("another secret here", header, Body, Now, Tolerance));
        Assert.False(WebhookSignature.Verify(Secret, header, [.. Body, 32], Now, Tolerance));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("t=,v1=")]
    [InlineData("t=1800000000")]
    [InlineData("v1=00,t=1800000000")]
    [InlineData("t=99999999999999999999,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=999999999999999999,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=1800000000,v1=zz00000000000000000000000000000000000000000000000000000000000000")]
    public void Any_header_is_answered(string? header) => Assert.False(WebhookSignature.Verify(Secret, header, Body, Now, Tolerance));
}
