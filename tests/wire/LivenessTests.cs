using System.Security.Cryptography;
using System.Text;
using Quartier.Tests.Support;
using Quartier.Wire;
using Xunit;

namespace Quartier.Tests.Wire;

public sealed class LivenessTests
{
    private readonly HmacSha256 hmac = new();

    public static TheoryData<Vector> All() => [.. Vectors.Of("liveness-v1")];

    [Theory]
    [MemberData(nameof(All))]
    public void Questions_and_answers_are_those_of_the_vectors(Vector vector)
    {
        var read = Liveness.TryReadQuestion(vector.Bytes, vector.Bytes.Length, out var at, out var length);
        Assert.Equal(vector.Refusal is null, read);
        if (vector.Fields is not { } fields)
        {
            return;
        }

        var name = Encoding.UTF8.GetBytes((string)fields["name"]!);
        Assert.Equal(name, vector.Bytes[at..(at + length)]);
        var question = new byte[Liveness.QuestionBytesMax];
        Assert.Equal(vector.Bytes.Length, Liveness.WriteQuestion(Convert.FromHexString((string)fields["nonce"]!), name, question));
        Assert.Equal(vector.Bytes, question[..vector.Bytes.Length]);

        var (key, answer, secret) = (new byte[Liveness.KeyBytes], new byte[Liveness.AnswerBytes], Encoding.UTF8.GetBytes((string)fields["secret"]!));
        Liveness.DeriveKey(hmac, secret, secret.Length, key);
        Assert.Equal((string)fields["key"]!, Convert.ToHexStringLower(key));
        Assert.Equal(Liveness.AnswerBytes, Liveness.WriteAnswer(hmac, key, vector.Bytes, vector.Bytes.Length, answer));
        Assert.Equal((string)fields["answer"]!, Convert.ToHexStringLower(answer));
        Assert.True(Liveness.IsAnswer(hmac, key, vector.Bytes, vector.Bytes.Length, answer, answer.Length));
    }

    [Fact]
    public void An_answer_that_differs_in_any_bit_or_belongs_to_another_question_is_none()
    {
        var (key, answer, question) = (new byte[Liveness.KeyBytes], new byte[Liveness.AnswerBytes], new byte[Liveness.QuestionBytesMax]);
        Liveness.DeriveKey(hmac, "secret"u8.ToArray(), 6, key);
        var length = Liveness.WriteQuestion(new byte[Liveness.NonceBytes], "eselsberg-1"u8.ToArray(), question);
        Liveness.WriteAnswer(hmac, key, question, length, answer);
        for (var bit = 0; bit < answer.Length * 8; bit++)
        {
            answer[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Liveness.IsAnswer(hmac, key, question, length, answer, answer.Length));
            answer[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        question[4]++;
        Assert.False(Liveness.IsAnswer(hmac, key, question, length, answer, answer.Length));
    }

    [Fact]
    public void No_bytes_break_the_reader_and_no_answer_is_longer_than_a_question()
    {
        var gen = new Gen(76);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = gen.Bytes(gen.Next(100));
            Liveness.TryReadQuestion(bytes, bytes.Length, out _, out _);
            Liveness.IsAnswer(hmac, new byte[Liveness.KeyBytes], [], 0, bytes, bytes.Length);
        }

        Assert.True(Liveness.AnswerBytes < Liveness.WriteQuestion(new byte[Liveness.NonceBytes], [1], new byte[Liveness.QuestionBytesMax]));
    }

    [Fact]
    public void The_keyed_digest_is_that_of_the_platform_for_every_length_of_key_and_message()
    {
        var gen = new Gen(77);
        var mine = new byte[HmacSha256.DigestBytes];
        for (var length = 0; length <= HmacSha256.MessageBytesMax; length++)
        {
            var (key, message) = (gen.Bytes(length), gen.Bytes(HmacSha256.MessageBytesMax - length));
            hmac.Compute(key, key.Length, message, message.Length, mine);
            Assert.Equal(HMACSHA256.HashData(key, message), mine);
        }
    }
}
