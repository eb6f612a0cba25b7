using System.Text;
using Quartier.Tests.Support;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Wire;

public sealed class SmallPartsTests
{
    [Theory]
    [InlineData("123456789", 0xCBF43926)]
    [InlineData("", 0x00000000)]
    [InlineData("a", 0xE8B7BE43)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339)]
    public void Crc32_gives_the_published_values(string text, uint expected)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        Assert.Equal(expected, Crc32.Of(bytes, 0, bytes.Length));
    }

    [Fact]
    public void Crc32_of_parts_is_that_of_the_whole()
    {
        var gen = new Gen(32);
        for (var i = 0; i < 1000; i++)
        {
            var bytes = gen.Bytes(gen.Next(200));
            var cut = gen.Next(bytes.Length + 1);
            Assert.Equal(Crc32.Of(bytes, 0, bytes.Length), Crc32.Continue(Crc32.Of(bytes, 0, cut), bytes, cut, bytes.Length - cut));
        }
    }

    [Theory]
    [InlineData("eselsberg-1", true)]
    [InlineData("a", true)]
    [InlineData("0123456789abcdefghijklmnopqrstuv", true)]
    [InlineData("0123456789abcdefghijklmnopqrstuvw", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("Eselsberg", false)]
    [InlineData("a/b", false)]
    [InlineData("+", false)]
    [InlineData("#", false)]
    [InlineData("a b", false)]
    [InlineData("a_b", false)]
    [InlineData("ä", false)]
    public void Device_ids_are_lower_case_letters_digits_and_hyphens(string? id, bool valid) => Assert.Equal(valid, ScreenTopics.IsDeviceId(id!));

    [Fact]
    public void Every_topic_that_is_built_parses_to_its_parts()
    {
        string[] leaves = ["presence", "hello", "telemetry", "usage", "want", "manifest", "entry", "notice", "settings", "command"];
        foreach (var leaf in leaves)
        {
            Assert.True(ScreenTopics.TryParse(ScreenTopics.Build("eselsberg-1", leaf), out var device, out var back));
            Assert.Equal(("eselsberg-1", leaf), (device, back));
            Assert.True(ScreenTopics.IsUp(leaf) != ScreenTopics.IsDown(leaf));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("quartier/v1/")]
    [InlineData("quartier/v1/a")]
    [InlineData("quartier/v1/a/")]
    [InlineData("quartier/v1//hello")]
    [InlineData("quartier/v1/a/hello/")]
    [InlineData("quartier/v1/a/hello/x")]
    [InlineData("quartier/v1/a/other")]
    [InlineData("quartier/v1/+/hello")]
    [InlineData("quartier/v2/a/hello")]
    [InlineData("Quartier/v1/a/hello")]
    [InlineData("/quartier/v1/a/hello")]
    public void Any_other_topic_is_none_of_ours(string? topic) => Assert.False(ScreenTopics.TryParse(topic!, out _, out _));

    [Fact]
    public void A_topic_is_not_built_from_wrong_parts()
    {
        Assert.Null(ScreenTopics.Build("A", "hello"));
        Assert.Null(ScreenTopics.Build("a", "other"));
        Assert.Null(ScreenTopics.Build("a", null!));
    }

    [Fact]
    public void A_digest_list_takes_what_it_has_room_for()
    {
        var digests = new DigestList(2);
        byte[] source = [9, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        Assert.True(digests.TryAdd(source, 1));
        Assert.False(digests.TryAdd(source, 3));
        Assert.True(digests.TryAdd(source, 2));
        Assert.False(digests.TryAdd(source, 0));
        Assert.Equal(1, digests.IndexOf(source, 2));
        Assert.Equal(-1, digests.IndexOf(source, 0));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], digests.Get(0));
    }
}
